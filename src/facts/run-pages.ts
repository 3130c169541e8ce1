import type { MlflowClients } from '../mlflow/clients.js';
import type { Run, ViewType } from '../mlflow/types.js';
import { eachPage, inTurn, type Pages, tokenPages } from './pages.js';

/** MLflow serves pages of 500 to 1,000 runs best; one of 500 with inputs and tags is about 1 MB. */
const runPageSize = 500;

/** Experiments are named one by one in a search; some hundred in one call are fine. */
const experimentsPerSearch = 500;

export interface RunPagesOptions {
  readonly view?: ViewType;
  readonly order?: string;
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
  { view = 'ACTIVE_ONLY', order = 'attributes.start_time ASC', urgent = false }: RunPagesOptions = {},
): Pages<Run> {
  const starts = Array.from(
    { length: Math.ceil(experiments.length / experimentsPerSearch) },
    (_, n) => n * experimentsPerSearch,
  );
  return inTurn(
    starts.map((start) => () => {
      const ids = experiments.slice(start, start + experimentsPerSearch);
      return tokenPages(async (token) => {
        const orders = [order];
        const found = await mlflow.runs.searchRuns(ids, filter, view, runPageSize, orders, token, { urgent });
        return { items: found.runs ?? [], token: found.next_page_token };
      });
    }),
  );
}
