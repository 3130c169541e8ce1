/** What to do where MLflow does not let this user read something. */
export const readRight =
  'give the user of MLFLOW_TRACKING_USERNAME or MLFLOW_TRACKING_TOKEN the permission READ on it in MLflow';

/** Behind a message that something is not there: MLflow tells nothing of other workspaces. */
export const otherWorkspace =
  ' (it may be in another workspace: check MLFLOW_WORKSPACE, and that you may read it in MLflow)';
