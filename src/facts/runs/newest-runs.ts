import type { MlflowClients } from '../../mlflow/clients.js';
import type { Run, ViewType } from '../../mlflow/types.js';
import type { Pages } from '../common/pages.js';
import { eachGroup, type OnRefused } from './experiment-groups.js';
import type { OnUnread } from './run-page.js';
import { listGroup } from './run-pages.js';

export interface NewestRunsOptions {
  readonly view?: ViewType;
  /** Runs at most. */
  readonly limit: number;
  /** Only these count. */
  readonly keep?: (run: Run) => boolean;
  readonly onTooLarge: OnUnread;
  readonly onRefused: OnRefused;
}

/** Runs in what is answered at once. */
const pageSize = 500;
/** Of many groups each may have few of the newest. */
const firstPageSize = 25;

/** The runs of one group of experiments, of which the first is the newest that has not been taken. */
interface Line {
  readonly pages: Pages<Run>;
  runs: readonly Run[];
  taken: number;
}

/**
 * The newest runs that a filter keeps, the newest first, in pages. A search may name so many experiments only, so the
 * answers of several are merged; of each no more is read than is needed.
 */
export async function* newestRuns(
  mlflow: MlflowClients,
  experiments: readonly string[],
  filter: string,
  { view = 'ACTIVE_ONLY', limit, keep = () => true, onTooLarge, onRefused }: NewestRunsOptions,
): AsyncGenerator<readonly Run[]> {
  const first = experiments.length > mlflow.searchScope.width() ? firstPageSize : pageSize;
  const options = { view, order: 'attributes.start_time DESC', first, onTooLarge, onFailing: onTooLarge };
  const lines: Line[] = [];
  const begin = async (group: readonly string[]): Promise<Line> => {
    const pages = listGroup(mlflow, group, filter, options);
    return { pages, runs: (await pages.read()) ?? [], taken: 0 };
  };
  for await (const line of eachGroup(mlflow, experiments, begin, onRefused)) lines.push(line);

  const seen = new Set<string>();
  let found: Run[] = [];
  for (let run = await takeNewest(lines); run !== undefined; run = await takeNewest(lines)) {
    // Tokens are offsets: what began meanwhile moves runs onto the next page.
    if (seen.has(run.info.run_id)) continue;
    seen.add(run.info.run_id);
    if (!keep(run)) continue;
    found.push(run);
    limit -= 1;
    if (limit <= 0) break;
    if (found.length < pageSize) continue;
    yield found;
    found = [];
  }
  if (found.length > 0) yield found;
}

async function takeNewest(lines: readonly Line[]): Promise<Run | undefined> {
  let best: { readonly line: Line; readonly run: Run } | undefined;
  for (const line of lines) {
    const run = await headOf(line);
    if (run === undefined) continue;
    if (best === undefined || startOf(run) > startOf(best.run)) best = { line, run };
  }
  if (best !== undefined) best.line.taken += 1;
  return best?.run;
}

async function headOf(line: Line): Promise<Run | undefined> {
  while (line.runs.length > 0 && line.taken >= line.runs.length) {
    line.pages.advance();
    line.runs = (await line.pages.read()) ?? [];
    line.taken = 0;
  }
  return line.runs[line.taken];
}

function startOf({ info }: Run): number {
  return info.start_time ?? 0;
}
