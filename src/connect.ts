import { byMlflowServer, createInstallations } from './config/installations.js';
import type { Installation, MlflowSettings } from './config/types.js';
import type { ServerKind } from './domain/common/server-blame.js';
import type { ServerAccess } from './facts/links/access.js';
import type { RetryPolicy } from './http/retry.js';
import type { Standing } from './http/standing.js';
import { createLakefsClient, type LakefsClientSettings } from './lakefs/client.js';
import { isMissingRight } from './lakefs/errors.js';
import type { LakefsClient } from './lakefs/types.js';
import { createMlflowClients, type MlflowClients } from './mlflow/clients.js';

/**
 * `work`: a few retries within seconds; a job whose server stays away goes back to the queue and spends no attempt,
 * and one that waited in here could not be stopped. `person`: one try and an answer within 10 s, for a person who waits.
 */
export type Patience = 'work' | 'person';

/** What all clients of a process have in common. */
export type Shared = Pick<LakefsClientSettings, 'signal' | 'lookup'>;

const patiences = {
  work: { retry: { retries: 2, factor: 0.5, jitter: 0.3, maxBackoffMs: 5_000, maxRetryAfterMs: 10_000 } },
  person: { retry: { retries: 0 }, timeoutMs: 10_000 },
};

/** Keeps a server's standing, by a question that it gets where no other request tells. */
export type StandingOf = (
  server: { readonly kind: ServerKind; readonly installation: string },
  ask: () => Promise<unknown>,
) => Standing;

/** The small questions: longer than this, in ms, means no answer. */
const askTimeoutMs = 10_000;

/**
 * The clients of all installations, grouped by MLflow server and workspace. Nothing is sent yet.
 *
 * @param standingOf where given, failures of a whole server are distinguished from those of one request
 */
export function connectServers(
  installations: readonly Installation[],
  patience: Patience = 'work',
  shared: Shared = {},
  standingOf?: StandingOf,
): ServerAccess[] {
  return byMlflowServer(installations).flatMap(({ name, installations: group }) => {
    const first = group[0];
    if (first === undefined) return [];
    const standing = standingOf?.(
      { kind: 'MLflow', installation: name },
      questionToMlflow(first.mlflow, shared),
    );
    return {
      name,
      mlflow: mlflowClients(first.mlflow, { ...patiences[patience], ...shared, standing }),
      installations: createInstallations(
        group.map((settings) => ({
          settings,
          lakefs: lakefsClient(settings, {
            ...patiences[patience],
            ...shared,
            standing: standingOf?.(
              { kind: 'lakeFS', installation: settings.name },
              questionToLakefs(settings, shared),
            ),
          }),
        })),
      ),
    };
  });
}

/** Needs no right; MLflow's /health and /version would answer whatever the keys and the Host are. */
function questionToMlflow(settings: MlflowSettings, shared: Shared): () => Promise<unknown> {
  const { experiments } = mlflowClients({ ...settings, connections: 'new' }, { ...askingOnce, ...shared });
  return () => experiments.searchExperiment(undefined, 1);
}

/** A user without the right to list repositories is known to lakeFS all the same. */
function questionToLakefs(settings: Installation, shared: Shared): () => Promise<unknown> {
  const lakefs = lakefsClient(settings, { ...askingOnce, ...shared });
  return async () => {
    try {
      for await (const repository of lakefs.repositories({ limit: 1 })) return repository;
    } catch (error) {
      if (!isMissingRight(error)) throw error;
    }
    return undefined;
  };
}

const askingOnce = { retry: { retries: 0 }, timeoutMs: askTimeoutMs };

interface Manner extends Shared {
  readonly retry: Partial<RetryPolicy>;
  readonly timeoutMs?: number;
  readonly standing?: Standing | undefined;
}

function mlflowClients({ trackingUri, ...settings }: MlflowSettings, manner: Manner): MlflowClients {
  const { username, password, token, workspace, connections, maxInFlight, timeoutMs, caFile } = settings;
  return createMlflowClients(trackingUri, {
    ...{ username, password, token, workspace, connections, maxInFlight, timeoutMs, caFile },
    ...manner,
  });
}

function lakefsClient({ lakefs }: Installation, manner: Manner): LakefsClient {
  const { endpoint, accessKeyId, secretAccessKey, caFile } = lakefs;
  return createLakefsClient({
    ...{ endpoint, accessKeyId, secretAccessKey, caFile },
    ...manner,
  });
}
