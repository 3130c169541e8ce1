import { createKnownRuns } from '../src/facts/known-runs.js';
import type { OnTooLarge } from '../src/facts/run-page.js';
import type { RunInfo } from '../src/mlflow/types.js';
import type { Log } from '../src/telemetry/log.js';

/** The runs of one server that are too large to be read: sweeps leave them out, and the slow lap tries them again. */
export interface LargeRuns {
  readonly onTooLarge: OnTooLarge;
  ids(): readonly string[];
  /** Those that were found since the last call. */
  takeNews(): readonly RunInfo[];
}

/** So many are named in the log of a job. */
const maxNamed = 20;

export function createLargeRuns(server: string, log: Log): LargeRuns {
  const known = createKnownRuns<true>();
  let news: RunInfo[] = [];
  return {
    onTooLarge: (run) => {
      known.remember(run.run_id, true);
      news.push(run);
      log.warn(
        { server, run: run.run_id, experiment: run.experiment_id },
        'a run is too large to be read, so it is not linked',
      );
    },
    ids: () => known.idsWhere(() => true),
    takeNews: () => {
      const taken = news;
      news = [];
      return taken;
    },
  };
}

/** For the log of a job. */
export function tellLarge(runs: readonly RunInfo[]): string {
  const named = runs.slice(0, maxNamed).map((run) => `${run.run_id} (experiment ${run.experiment_id})`);
  const more = runs.length - named.length;
  return [
    'too large to be read, so not linked (MLflow answers with more than 200 MB for each; delete params or tags):',
    ...named,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}
