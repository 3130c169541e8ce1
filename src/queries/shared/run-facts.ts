import { mlflowRunPage } from '../../domain/common/links-to.js';
import type { Run } from '../../mlflow/types.js';
import { iso } from './iso.js';
import type { RunAnswer } from './schema.js';

/** What people want to know of a run. `publicUrl` is where people open MLflow's pages. */
export function runFacts({ info }: Pick<Run, 'info'>, experiment: string, publicUrl: string): RunAnswer {
  return {
    id: info.run_id,
    name: info.run_name ?? '',
    experimentId: info.experiment_id,
    experiment,
    status: info.status,
    deleted: info.lifecycle_stage === 'deleted',
    startTime: iso(info.start_time || undefined),
    endTime: iso(info.end_time || undefined),
    page: mlflowRunPage(publicUrl, info.experiment_id, info.run_id),
  };
}

/** Unix ms; 0 for a run without a start time. */
export function startOf({ startTime }: Pick<RunAnswer, 'startTime'>): number {
  return startTime === null ? 0 : Date.parse(startTime);
}
