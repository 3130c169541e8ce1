import type { RunView } from '../domain/run.js';
import { HttpError } from '../http/error.js';
import { isTooLarge, isTooMuch } from '../mlflow/api-error.js';
import type { MlflowClients } from '../mlflow/clients.js';
import { createCache } from './cache.js';
import type { HeavyRuns } from './heavy-runs.js';
import { createPageSize, type PageSize } from './page-size.js';
import { isEnd } from './pages.js';
import { readRunPage } from './run-page.js';

/** Tells whether a dataset's source can be another run's: MLflow keeps the first writer's for all. */
export interface DatasetWriters {
  /** True where no other run with that dataset name and digest, deleted ones included, started before this one ended. */
  isSole(run: RunView, dataset: { readonly name: string; readonly digest: string }): Promise<boolean>;
}

interface Writer {
  readonly run: string;
  readonly startTime: number;
}

const keepMs = 20_000;
/** Two writers stay two: later ones cannot make either the only one. */
const keepTwoMs = 3_600_000;

/** Pages of this size, earliest start first: the first other run decides. */
const pageSize = 100;

export function createDatasetWriters(
  mlflow: MlflowClients,
  /** The experiments that share their dataset rows with this one: before MLflow 3.10, all of the server. */
  sharing: (experimentId: string) => Promise<readonly string[]>,
  heavy: HeavyRuns,
  now: () => number,
): DatasetWriters {
  const cache = createCache<readonly Writer[] | undefined>({
    size: 5_000,
    ttlMs: (writers) => (writers?.length === 2 ? keepTwoMs : keepMs),
    now,
  });

  /** The two earliest writers: one of them is not the run in question. Undefined where the server cannot say. */
  async function earliest(
    experimentId: string,
    name: string,
    digest: string,
  ): Promise<readonly Writer[] | undefined> {
    const experiments = await sharing(experimentId);
    const found: Writer[] = [];
    const size = createPageSize(pageSize, pageSize, heavy);
    let token: string | undefined;
    do {
      const page = await searchOrRefused(experiments, digest, token, size);
      if (page === undefined) return undefined;
      for (const run of page.items) {
        const inputs = run.inputs?.dataset_inputs ?? [];
        if (!inputs.some(({ dataset }) => dataset.name === name && dataset.digest === digest)) continue;
        found.push({ run: run.info.run_id, startTime: run.info.start_time ?? 0 });
        if (found.length === 2) return found;
      }
      token = page.token;
    } while (!isEnd(token));
    return found;
  }

  /** Some hosted servers know no `dataset.` filter and refuse it: then nothing is claimed, nor by a run that cannot be read. */
  async function searchOrRefused(
    experimentIds: readonly string[],
    digest: string,
    token: string | undefined,
    size: PageSize,
  ) {
    if (/['"\\]/.test(digest)) return undefined;
    try {
      const filter = `dataset.digest = '${digest}'`;
      const order = ['attributes.start_time ASC'];
      const search = { experimentIds, filter, view: 'ALL', order, token } as const;
      return await readRunPage(mlflow, search, size, { urgent: false, onTooLarge: undefined });
    } catch (error) {
      if (isTooLarge(error) || isTooMuch(error)) return undefined;
      if (error instanceof HttpError && error.status === 400) return undefined;
      throw error;
    }
  }

  return {
    isSole: async (run, { name, digest }) => {
      const key = JSON.stringify([run.experimentId, name, digest]);
      const writers = await cache.get(key, () => earliest(run.experimentId, name, digest));
      // A search that does not show the run itself has not seen all there is: an experiment may be new.
      if (writers === undefined || !writers.some((writer) => writer.run === run.id)) return false;
      const end = run.terminal && run.endTime !== undefined ? run.endTime : Number.POSITIVE_INFINITY;
      return writers.every((writer) => writer.run === run.id || writer.startTime > end);
    },
  };
}
