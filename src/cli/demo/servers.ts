import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../config/load.js';
import { secretsOf } from '../../config/secrets.js';
import type { Settings } from '../../config/types.js';
import { connectServers } from '../../connect.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { createRedactor } from '../../http/address.js';
import { type RunningService, startService } from '../../main.js';
import { createConsoleLog } from '../../telemetry/logs.js';
import type { Io } from '../output.js';
import { type Child, type Children, choosePort } from './children.js';
import { type LakefsKind, type LakefsServer, startLakefs } from './lakefs.js';
import { findPython, type Python, prepareMlflow, startMlflow } from './mlflow.js';
import type { Steps } from './steps.js';
import type { Stop } from './stop.js';
import { experimentName } from './train.js';

export const serverSteps = 4;

export interface DemoServers {
  readonly python: Python;
  readonly lakefs: LakefsServer;
  readonly mlflowUrl: string;
  readonly service: DemoService;
  /** Clients that give up early, as a person is waiting. */
  readonly access: ServerAccess;
  /** Processes that must run as long as the demo does. */
  readonly processes: readonly Child[];
}

export interface Held {
  readonly children: Children;
  readonly stop: Stop;
  /** To be called at the end, the last one first. */
  readonly closings: (() => Promise<void>)[];
}

interface ServerOptions {
  readonly kind: LakefsKind;
  /** For their data and logs. */
  readonly place: string;
  readonly token: string;
}

/** Starts the three servers. MLflow takes longest, so it starts first. */
export async function startServers(
  io: Io,
  steps: Steps,
  { kind, place, token }: ServerOptions,
  { children, stop, closings }: Held,
): Promise<DemoServers> {
  const { signal } = stop;
  const python = await steps.run('Python with MLflow', async (say) => {
    const found = await stop.race(findPython(io.env));
    say(`Python ${found.version}, MLflow ${found.mlflow}`);
    return found;
  });
  if (kind.kind === 'sandbox') rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  const mlflow = await startMlflow(children, python, place, io.env);
  const prepared = prepareMlflow(mlflow, experimentName, signal);
  // If an earlier step fails, its error is the one to report.
  prepared.catch(() => undefined);
  const lakefs = await steps.run('lakeFS', async (say) => {
    const server = await startLakefs(kind, { children, folder: place, env: io.env, token, signal });
    closings.push(() => server.close());
    say(server.description);
    return server;
  });
  // Without MLflow the service's first jobs would fail, and run again only about 15 s later.
  await steps.run('MLflow', async (say) => {
    await prepared;
    say(`${mlflow.url}${mlflow.remark}`);
  });
  signal.throwIfAborted();
  const service = await steps.run('lakefs-mlflow', async (say) => {
    const started = await startDemoService({ lakefs, mlflowUrl: mlflow.url, token, folder: place });
    closings.push(() => started.running.close());
    say(`${started.running.address}${started.remark}`);
    return started;
  });
  const [access] = connectServers(service.settings.installations, 'person');
  if (access === undefined) throw new Error('the demo has no server in its settings');
  const processes = [mlflow.child, ...(lakefs.child === undefined ? [] : [lakefs.child])];
  return { python, lakefs, mlflowUrl: mlflow.url, service, access, processes };
}

export interface DemoService {
  readonly running: RunningService;
  readonly settings: Settings;
  readonly remark: string;
}

interface Parts {
  readonly lakefs: LakefsServer;
  readonly mlflowUrl: string;
  readonly token: string;
  readonly folder: string;
}

/**
 * Starts the service in this process as `lakefs-mlflow serve` does, with the embedded queue. The user's environment is
 * not read: a REDIS_URL in it is not meant for a demo.
 */
async function startDemoService({ lakefs, mlflowUrl, token, folder }: Parts): Promise<DemoService> {
  const { port, remark } = await choosePort(8321);
  const settings = loadSettings(
    {
      LAKECTL_SERVER_ENDPOINT_URL: lakefs.endpoint,
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: lakefs.accessKeyId,
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
      LAKEFSACTION_BRIDGE_TOKEN: token,
      MLFLOW_TRACKING_URI: mlflowUrl,
      LAKEFS_MLFLOW_MLFLOW_CONNECTIONS: 'reuse',
      LAKEFS_MLFLOW_PORT: String(port),
      LAKEFS_MLFLOW_DATA_DIR: join(folder, 'service'),
      // A person is watching.
      LAKEFS_MLFLOW_SWEEP_INTERVAL: '2s',
      LAKEFS_MLFLOW_SHUTDOWN_DEADLINE: '3s',
      LAKEFS_MLFLOW_SHUTDOWN_DRAIN: '0s',
    },
    () => {
      throw new Error('the demo reads no settings file');
    },
    { home: folder },
  );
  const file = join(folder, 'service.log');
  writeFileSync(file, '', { mode: 0o600 });
  const redact = createRedactor(secretsOf(settings));
  const log = createConsoleLog('info', redact, (line) => appendFileSync(file, line), Date.now);
  return { running: await startService(settings, { role: 'all', log }), settings, remark };
}
