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

/**
 * Tells the jobs that need a server by their payloads: those of its installation, or, of MLflow, of every installation
 * that shares it.
 */
export function concernedBy(
  server: { readonly kind: 'lakeFS' | 'MLflow'; readonly installation: string },
  installations: readonly Installation[],
): (payload: unknown) => boolean {
  const groups = mlflowServers(installations).map((group) => ({
    name: group.name,
    members: group.installations.map(({ name }) => name),
  }));
  const group = groups.find(({ members }) => members.includes(server.installation));
  const members = server.kind === 'MLflow' ? (group?.members ?? []) : [server.installation];
  return (payload) => {
    if (typeof payload !== 'object' || payload === null) return false;
    if ('installation' in payload) return members.includes(String(payload.installation));
    return 'server' in payload && payload.server === group?.name;
  };
}
