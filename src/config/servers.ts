import type { Installation } from './types.js';

/** One MLflow server (or one workspace of it) and every installation that writes there. */
export interface MlflowServer {
  /** The name of the first of them; jobs name the server by it. */
  readonly name: string;
  readonly installations: readonly Installation[];
}

/** Groups installations by the MLflow server, in the order given. */
export function mlflowServers(installations: readonly Installation[]): readonly MlflowServer[] {
  const groups = new Map<string, { name: string; installations: Installation[] }>();
  for (const installation of installations) {
    const { trackingUri, workspace } = installation.mlflow;
    const key = JSON.stringify([trackingUri, workspace]);
    const group = groups.get(key);
    if (group) group.installations.push(installation);
    else groups.set(key, { name: installation.name, installations: [installation] });
  }
  return [...groups.values()];
}
