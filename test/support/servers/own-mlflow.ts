import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, start, waitFor } from './process.js';

export interface OwnServer {
  /** Without the path prefix. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** An MLflow server with options of its own; ready once `readyPath` answers at all. */
export async function ownServer(
  python: string,
  args: readonly string[],
  readyPath: string,
  env: Record<string, string> = {},
): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-own-'));
  // Without this the auth app keeps its users in the working directory, from one test run to the next.
  const authConfig = join(folder, 'auth.ini');
  writeFileSync(
    authConfig,
    `[mlflow]
default_permission = READ
database_uri = sqlite:///${join(folder, 'users.db')}
admin_username = admin
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
`,
  );
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = start(
    python,
    [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port)],
      ...['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`],
      ...['--artifacts-destination', join(folder, 'artifacts'), ...args],
    ],
    {
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_AUTH_CONFIG_PATH: authConfig,
      ...env,
    },
  );
  async function stop(): Promise<void> {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    await waitFor(
      `MLflow with ${args.join(' ')}`,
      async () => {
        if (server.child.exitCode !== null) throw new Error(server.output());
        return (await fetch(`${origin}${readyPath}`)).ok;
      },
      100_000,
    );
  } catch (error) {
    await stop();
    throw new Error(server.output(), { cause: error });
  }
  return { origin, stop };
}
