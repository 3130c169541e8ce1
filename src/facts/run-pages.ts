import type { MlflowClients } from '../mlflow/clients.js';
import type { Run, ViewType } from '../mlflow/types.js';
import { eachPage, inTurn, type Pages, tokenPages } from './pages.js';

/** MLflow serves pages of 500 to 1,000 runs best; one of 500 with inputs and tags is about 1 MB. */
const runPageSize = 500;

/** Experiments are named one by one in a search; some hundred in one call are fine. */
const experimentsPerSearch = 500;

/**
 * Where the first runs should not wait for the last: the first page is small, and each is twice as large as the one
 * before. A thousand runs come in six pages instead of two.
 */
const firstPageSize = 25;

export interface RunPagesOptions {
  readonly view?: ViewType;
  readonly order?: string;
  /** Begins with small pages. */
  readonly growing?: boolean;
  /** Goes before the calls that wait for room. */
  readonly urgent?: boolean;
}

/**
 * The runs that a filter keeps, up to 500 at a time. Order by something that only grows: MLflow's page tokens are
 * offsets, and what is inserted before the offset shows twice.
 */
export async function* runPages(
  mlflow: MlflowClients,
  experiments: readonly string[],
  filter: string,
  options: RunPagesOptions = {},
): AsyncGenerator<readonly Run[]> {
  for await (const page of eachPage(listRuns(mlflow, experiments, filter, options)))
    if (page.length > 0) yield page;
}

/** The same as a place that is kept where a page cannot be read. A page may be empty. */
export function listRuns(
  mlflow: MlflowClients,
  experiments: readonly string[],
  filter: string,
  {
    view = 'ACTIVE_ONLY',
    order = 'attributes.start_time ASC',
    growing = false,
    urgent = false,
  }: RunPagesOptions = {},
): Pages<Run> {
  const starts = Array.from(
    { length: Math.ceil(experiments.length / experimentsPerSearch) },
    (_, n) => n * experimentsPerSearch,
  );
  return inTurn(
    starts.map((start) => () => {
      const ids = experiments.slice(start, start + experimentsPerSearch);
      let size = growing ? firstPageSize : runPageSize;
      return tokenPages(async (token) => {
        const orders = [order];
        const found = await mlflow.runs.searchRuns(ids, filter, view, size, orders, token, { urgent });
        size = Math.min(2 * size, runPageSize);
        return { items: found.runs ?? [], token: found.next_page_token };
      });
    }),
  );
}
