import type { MlflowClients } from '../mlflow/clients.js';
import { allRuns } from '../mlflow/pages.js';
import type { Run, ViewType } from '../mlflow/types.js';

/** MLflow serves pages of 500 to 1,000 runs best; one of 500 with inputs and tags is about 1 MB. */
const runPageSize = 500;

/** Experiments are named one by one in a search; some hundred in one call are fine. */
const experimentsPerSearch = 500;

/**
 * The runs that a filter keeps, up to 500 at a time. Order by something that only grows: MLflow's page tokens are
 * offsets, and what is inserted before the offset shows twice.
 */
export async function* runPages(
  mlflow: MlflowClients,
  experiments: readonly string[],
  filter: string,
  options: { readonly view?: ViewType; readonly order?: string } = {},
): AsyncGenerator<readonly Run[]> {
  const { view = 'ACTIVE_ONLY', order = 'attributes.start_time ASC' } = options;
  let page: Run[] = [];
  for (let start = 0; start < experiments.length; start += experimentsPerSearch) {
    const ids = experiments.slice(start, start + experimentsPerSearch);
    const search = { filter, viewType: view, pageSize: runPageSize, orderBy: [order] };
    for await (const run of allRuns(mlflow.runs, ids, search)) {
      page.push(run);
      if (page.length < runPageSize) continue;
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}
