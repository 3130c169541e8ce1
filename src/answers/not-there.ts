/** What was asked about is not there, or leads nowhere. The message says so, and what to do. */
export class NotThereError extends Error {
  override readonly name = 'NotThereError';
  /** Of the command line. */
  readonly exitCode = 1;
}

/** MLflow tells nothing of what is in another workspace. */
export function noSuchModel(trackingUri: string, name: string, cause: unknown): NotThereError {
  return new NotThereError(
    `MLflow at ${trackingUri} has no registered model "${name}": check the name, and that MLFLOW_TRACKING_URI (and ` +
      'MLFLOW_WORKSPACE, where the server has workspaces) names the server that it is on',
    { cause },
  );
}
