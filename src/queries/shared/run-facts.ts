import { mlflowRunPage } from '../../domain/common/links-to.js';
import type { Run } from '../../mlflow/types.js';
import type { RunFacts } from './types.js';

/** What people want to know of a run. `publicUrl` is where people open MLflow's pages. */
export function runFacts({ info }: Pick<Run, 'info'>, experiment: string, publicUrl: string): RunFacts {
  return {
    id: info.run_id,
    name: info.run_name ?? '',
    experimentId: info.experiment_id,
    experiment,
    status: info.status,
    deleted: info.lifecycle_stage === 'deleted',
    startTime: info.start_time || undefined,
    endTime: info.end_time || undefined,
    page: mlflowRunPage(publicUrl, info.experiment_id, info.run_id),
  };
}
