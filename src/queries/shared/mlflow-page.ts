import type { ServerAccess } from '../../facts/links/access.js';

/** Where people open MLflow's pages, without a closing slash. */
export function mlflowPublicUrl({ installations, mlflow }: ServerAccess): string {
  return installations.all[0]?.settings.mlflow.publicUrl ?? mlflow.trackingUri;
}
