import type { RunView } from '../../contract/run.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import type { Run, ViewType } from '../../mlflow/types.js';
import { type RunPagesOptions, runPages } from './run-pages.js';
import { viewOf } from './run-view.js';

/** A run with the keys of its metrics, which the other decisions do not need. */
export interface FoundRun extends RunView {
  readonly metrics: readonly string[];
}

/** All runs that match a filter, by start time. Throws what the MLflow client throws. */
export async function searchRuns(
  mlflow: MlflowClients,
  experimentIds: readonly string[],
  filter: string,
  view: ViewType,
  options: Pick<RunPagesOptions, 'urgent' | 'onTooLarge' | 'onFailing' | 'onRefused' | 'heavy'> = {},
): Promise<readonly FoundRun[]> {
  const found: FoundRun[] = [];
  for await (const page of runPages(mlflow, experimentIds, filter, { ...options, view }))
    found.push(...page.map(toFound));
  return found;
}

/** With the keys of its metrics. */
export function toFound(run: Run): FoundRun {
  return { ...viewOf(run), metrics: (run.data.metrics ?? []).map(({ key }) => key) };
}
