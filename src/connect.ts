import { mlflowServers } from './config/servers.js';
import type { Installation, MlflowSettings } from './config/types.js';
import type { ServerAccess } from './facts/access.js';
import { createLakefsClient, type LakefsClientSettings } from './lakefs/client.js';
import { createMlflowClients } from './mlflow/clients.js';

/**
 * `work`: a few retries within seconds; a job whose server stays away goes back to the queue and spends no attempt,
 * and one that waited in here could not be stopped. `look`: one try and an answer within 10 s, for a person who waits.
 */
export type Patience = 'work' | 'look';

/** What all clients of a process have in common. */
export type Shared = Pick<LakefsClientSettings, 'signal' | 'lookup'>;

const patiences = {
  work: { retry: { retries: 2, factor: 0.5, jitter: 0.3, maxBackoffMs: 5_000, maxRetryAfterMs: 10_000 } },
  look: { retry: { retries: 0 }, timeoutMs: 10_000 },
};

/**
 * The clients of all installations, grouped by MLflow server and workspace. Nothing is sent yet.
 */
export function connectServers(
  installations: readonly Installation[],
  patience: Patience = 'work',
  shared: Shared = {},
): ServerAccess[] {
  return mlflowServers(installations).flatMap(({ name, installations: group }) => {
    const first = group[0];
    if (first === undefined) return [];
    return {
      name,
      mlflow: mlflowClients(first.mlflow, patience, shared),
      installations: group.map((settings) => ({
        settings,
        lakefs: lakefsClient(settings, patience, shared),
      })),
    };
  });
}

function mlflowClients({ trackingUri, ...settings }: MlflowSettings, patience: Patience, shared: Shared) {
  const { username, password, token, workspace, connections, maxInFlight, timeoutMs, caFile } = settings;
  return createMlflowClients(trackingUri, {
    ...{ username, password, token, workspace, connections, maxInFlight, timeoutMs, caFile },
    ...patiences[patience],
    ...shared,
  });
}

function lakefsClient({ lakefs }: Installation, patience: Patience, shared: Shared) {
  const { endpoint, accessKeyId, secretAccessKey, caFile } = lakefs;
  return createLakefsClient({
    ...{ endpoint, accessKeyId, secretAccessKey, caFile },
    ...patiences[patience],
    ...shared,
  });
}
