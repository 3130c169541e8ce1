/** What to do where MLflow does not let this user read something. */
export const readRight =
  'give the user of MLFLOW_TRACKING_USERNAME or MLFLOW_TRACKING_TOKEN the permission READ on it in MLflow';
