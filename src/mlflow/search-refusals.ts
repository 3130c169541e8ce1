import { ApiError, isForbidden, isNotFound } from './api-error.js';

const aboutExperiments = /experiment[ _]?ids|number of experiments|many experiments/i;
const aboutTheirNumber =
  /too many|at most|no more than|more than|maximum|exceed|limit|up to|fewer than|less than|too long/i;

/**
 * A search named more experiments than the server takes. Databricks says so with 400 and "Too many experiment_ids"
 * (mlflow#13590); a gateway refuses the long request with 413 or 414.
 */
export function isTooManyExperiments(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.status === 413 || error.status === 414) return true;
  return error.status === 400 && aboutExperiments.test(error.text) && aboutTheirNumber.test(error.text);
}

/** The server searches none of the experiments, because it refuses one: it is gone, or this user may not read it. */
export function isRefusedExperiment(error: unknown): boolean {
  const refused = isForbidden(error) || isNotFound(error);
  return refused && error instanceof ApiError && error.failure.kind === 'permanent';
}
