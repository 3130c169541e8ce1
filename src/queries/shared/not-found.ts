/** What was asked about is not there, or leads nowhere. The message says so, and what to do. */
export class NotThereError extends Error {
  override readonly name = 'NotThereError';
  /** Of the command line. */
  readonly exitCode = 1;
}

const onServer =
  'MLFLOW_TRACKING_URI (and MLFLOW_WORKSPACE, where the server has workspaces) names the server that';

/** MLflow tells nothing of what is in another workspace. */
export function noSuchRun(trackingUri: string, run: string): string {
  return `MLflow at ${trackingUri} has no run ${run}: check the id, and that ${onServer} the run is on`;
}

/** The same of a model. */
export function noSuchModel(trackingUri: string, name: string): string {
  return `MLflow at ${trackingUri} has no registered model "${name}": check the name, and that ${onServer} it is on`;
}
