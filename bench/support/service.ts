import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, waitFor } from '../../test/support/servers/process.js';
import type { LakefsServer, Server } from './servers.js';
import { isUp } from './servers.js';
import type { BenchContext } from './types.js';

/** What lakeFS sends and the service expects. */
export const benchToken = 'token-of-the-benchmark';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface ServiceOptions {
  readonly role: 'all' | 'receive' | 'work';
  /** A Redis address, or `embedded`. */
  readonly queueUrl: string;
  readonly mlflowUrl: string;
  readonly lakefs: Pick<LakefsServer, 'url' | 'accessKeyId' | 'secretAccessKey'>;
  /** Further settings, by the names that the environment gives them. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the built service as a person would, and waits until it is ready. */
export async function startService(
  context: BenchContext,
  options: ServiceOptions,
): Promise<Server & { readonly readyAfterMs: number }> {
  const { programs, folder } = context;
  const { role, queueUrl, mlflowUrl, lakefs, settings } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const program = programs.start(process.execPath, [main, 'serve', '--role', role], {
    // No settings of the person who runs the benchmark.
    HOME: folder,
    LAKEFS_MLFLOW_DATA_DIR: join(folder, 'data'),
    LAKEFS_MLFLOW_PORT: String(port),
    LAKEFS_MLFLOW_QUEUE_URL: queueUrl,
    LAKEFSACTION_BRIDGE_TOKEN: benchToken,
    LAKECTL_SERVER_ENDPOINT_URL: lakefs.url,
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: lakefs.accessKeyId,
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
    MLFLOW_TRACKING_URI: mlflowUrl,
    ...settings,
  });
  await waitFor('the service', () => isUp(program, `${url}/health/ready`), 60_000);
  return { url, program, readyAfterMs: performance.now() - startedAt };
}
