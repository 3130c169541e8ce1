import type { RunView } from '../domain/run.js';
import type { MlflowClients } from '../mlflow/clients.js';
import type { Run, ViewType } from '../mlflow/types.js';
import { viewOf } from './run-view.js';

/** A run with the keys of its metrics, which the other decisions do not need. */
export interface FoundRun extends RunView {
  readonly metrics: readonly string[];
}

/** More experiments than this go into several searches. */
const maxExperiments = 200;
const pageSize = 500;

/** All runs that match a filter, page by page, by start time. Throws what the MLflow client throws. */
export async function searchRuns(
  mlflow: MlflowClients,
  experimentIds: readonly string[],
  filter: string,
  view: ViewType,
): Promise<readonly FoundRun[]> {
  const found: FoundRun[] = [];
  for (let start = 0; start < experimentIds.length; start += maxExperiments) {
    const ids = experimentIds.slice(start, start + maxExperiments);
    let token: string | undefined;
    do {
      const order = ['attributes.start_time ASC'];
      const page = await mlflow.runs.searchRuns(ids, filter, view, pageSize, order, token);
      found.push(...(page.runs ?? []).map(toFound));
      token = page.next_page_token;
    } while (token !== undefined && token !== '');
  }
  return found;
}

function toFound(run: Run): FoundRun {
  return { ...viewOf(run), metrics: (run.data.metrics ?? []).map(({ key }) => key) };
}
