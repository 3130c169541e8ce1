import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, start, waitFor } from '../../support/servers/process.js';

export interface RealServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The `lakefs` on the PATH, or undefined. */
export function findLakefs(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'lakefs'))
    .find((file) => existsSync(file));
}

/** Starts an empty lakeFS, as for the recording. */
export async function startLakefs(binary: string): Promise<RealServer> {
  const home = mkdtempSync(join(tmpdir(), 'lakefs-replay-'));
  const port = await freePort();
  const server = start(binary, ['run', '--quickstart'], {
    HOME: home,
    LAKEFS_LISTEN_ADDRESS: `127.0.0.1:${port}`,
    LAKEFS_STATS_ENABLED: 'false',
    LAKEFS_BLOCKSTORE_LOCAL_IMPORT_ENABLED: 'true',
    // From 1.88 on hooks may call loopback addresses only where this says so.
    LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS: '["127.0.0.1"]',
    LAKEFSACTION_BRIDGE_TOKEN: 'test-token',
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await waitFor('lakeFS', async () => (await fetch(`${endpoint}/api/v1/healthcheck`)).status === 204, 60_000);
  return {
    endpoint,
    stop: async () => {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
