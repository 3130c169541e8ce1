import type { MlflowClients } from '../src/mlflow/clients.js';
import type { Run } from '../src/mlflow/types.js';

/** MLflow serves pages of 500 to 1,000 runs best; one of 500 with inputs and tags is about 1 MB. */
export const runPageSize = 500;

/** Experiments are named one by one in a search; some hundred in one call are fine. */
const experimentsPerSearch = 200;

/**
 * The active runs that a filter keeps, page by page. Order by something that only grows: MLflow's page tokens are
 * offsets, and what is inserted before the offset shows twice.
 */
export async function* runPages(
  mlflow: MlflowClients,
  experiments: readonly string[],
  filter: string,
  order: string,
): AsyncGenerator<readonly Run[]> {
  for (let start = 0; start < experiments.length; start += experimentsPerSearch) {
    const ids = experiments.slice(start, start + experimentsPerSearch);
    let token: string | undefined;
    do {
      const page = await mlflow.runs.searchRuns(ids, filter, 'ACTIVE_ONLY', runPageSize, [order], token);
      if (page.runs !== undefined && page.runs.length > 0) yield page.runs;
      token = page.next_page_token === '' ? undefined : page.next_page_token;
    } while (token !== undefined);
  }
}
