import { mkdirSync, rmSync } from 'node:fs';
import { connectServers } from '../../connect.js';
import type { ServerAccess } from '../../facts/links/access.js';
import type { Io } from '../output.js';
import type { Child, Children } from './children.js';
import type { LakefsKind } from './lakefs-kind.js';
import { type LakefsServer, startLakefs } from './lakefs-server.js';
import { prepareMlflow, startMlflow } from './mlflow-server.js';
import { findPython, type Python } from './python.js';
import { type DemoService, startDemoService } from './service.js';
import type { Steps } from './steps.js';
import type { Stop } from './stop.js';
import { experimentName } from './train.js';

export const serverSteps = 4;

export interface DemoServers {
  readonly python: Python;
  readonly lakefs: LakefsServer;
  readonly mlflowUrl: string;
  readonly service: DemoService;
  /** The clients of a command that a person waits for. */
  readonly access: ServerAccess;
  /** The processes that have to live as long as the demo. */
  readonly processes: readonly Child[];
}

export interface Held {
  readonly children: Children;
  readonly stop: Stop;
  /** What is to be closed at the end, the last one first. */
  readonly closings: (() => Promise<void>)[];
}

interface ServerOptions {
  readonly kind: LakefsKind;
  /** For their data and logs. */
  readonly place: string;
  readonly token: string;
}

/** Starts the three servers. MLflow takes longest, so it begins first. */
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
  // Where an earlier step fails, its error is the one to tell.
  prepared.catch(() => undefined);
  const lakefs = await steps.run('lakeFS', async (say) => {
    const server = await startLakefs(kind, { children, folder: place, env: io.env, token, signal });
    closings.push(() => server.close());
    say(server.description);
    return server;
  });
  // Without an MLflow the service's first jobs would go back to the queue, and come again some 15 s later.
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
  const [access] = connectServers(service.settings.installations, 'look');
  if (access === undefined) throw new Error('the settings of the demo name no server');
  const processes = [mlflow.child, ...(lakefs.child === undefined ? [] : [lakefs.child])];
  return { python, lakefs, mlflowUrl: mlflow.url, service, access, processes };
}
