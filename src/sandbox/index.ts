import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import express from 'express';
import { makeActionReader } from './actions/read.js';
import { ApiFailure } from './failure.js';
import { makeIdSource } from './model/ids.js';
import { sendFailure } from './rest/handle.js';
import { makeRestRouter } from './rest/router.js';
import { isS3Request, makeS3Handler } from './s3/handler.js';
import type { World } from './world.js';

export interface SandboxOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: the fixed key pair of lakeFS's quickstart. */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** What `{{ ENV.X }}` in action files reads; only names that begin with LAKEFSACTION_ count. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long action files are remembered per ref. Default 0; the real server does so for 5 to 7.5 s. */
  readonly actionsCacheMs?: number;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

export interface Sandbox {
  /** Without a path and a closing slash, such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly port: number;
  /** Resolves once every event so far has been delivered or has failed. */
  settled(): Promise<void>;
  /** Ends the server and its connections; deliveries under way are not waited for. */
  close(): Promise<void>;
}

/**
 * Starts an in-memory lakeFS for demonstrations and tests: REST API, S3 gateway and actions behave as recorded
 * from a real server; what it cannot do is answered 501. All data is gone when it is closed.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now;
  const world: World = {
    repositories: new Map(),
    usedNamespaces: new Set(),
    accessKeyId: options.accessKeyId ?? 'AKIAIOSFOLQUICKSTART',
    secretAccessKey: options.secretAccessKey ?? 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    user: 'quickstart',
    installationId: randomUUID(),
    startedMs: now(),
    env: options.env ?? {},
    ids: makeIdSource(),
    actions: makeActionReader(options.actionsCacheMs ?? 0, now),
    now,
    uploads: new Map(),
    tokens: new Set(),
    deliveries: new Set(),
  };
  const host = options.host ?? '127.0.0.1';
  const server = createServer(makeApp(world));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    accessKeyId: world.accessKeyId,
    secretAccessKey: world.secretAccessKey,
    port,
    settled: async () => {
      while (world.deliveries.size > 0) await Promise.all(world.deliveries);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function makeApp(world: World): express.Express {
  const app = express();
  const s3 = makeS3Handler(world);
  app.disable('x-powered-by');
  app.use((req, res, next) => {
    if (isS3Request(req)) {
      s3(req, res).catch(next);
      return;
    }
    res.setHeader('X-Request-Id', randomUUID());
    next();
  });
  app.get('/_health', (_req, res) => {
    res.setHeader('Content-Type', 'text/plain; charset=utf-8');
    res.end(`alive! ${world.installationId}`);
  });
  app.use('/api/v1', makeRestRouter(world));
  app.use((req, res) => {
    sendFailure(res, new ApiFailure(501, `the sandbox lakeFS does not do this: ${req.method} ${req.path}`));
  });
  return app;
}
