import { randomBytes } from 'node:crypto';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { startSandbox } from '../../../src/sandbox/index.js';
import { realServers } from '../servers/real-servers.js';

/** What lakeFS's `LAKEFSACTION_BRIDGE_TOKEN` is on every lakeFS under test. */
export const bridgeToken = 'test-token';

export interface LakefsUnderTest {
  readonly kind: 'sandbox' | 'real';
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
}

/**
 * The lakeFS servers that an end-to-end test runs on: the sandbox always, and a real one where the test run
 * has one. Use it at the top of a test file: `describe.each(await lakefsUnderTest())('on $kind lakeFS', …)`.
 */
export async function lakefsUnderTest(): Promise<LakefsUnderTest[]> {
  const { lakefs } = realServers();
  const { endpoint, accessKeyId, secretAccessKey, close } = await startSandbox({
    env: { LAKEFSACTION_BRIDGE_TOKEN: bridgeToken },
  });
  const sandbox: LakefsUnderTest = { kind: 'sandbox', endpoint, accessKeyId, secretAccessKey, stop: close };
  return lakefs === null ? [sandbox] : [sandbox, { kind: 'real', ...lakefs, stop: () => Promise.resolve() }];
}

/** A new repository of its own for one test; the name is the answer. */
export async function newRepository(client: LakefsClient, prefix = 'test'): Promise<string> {
  const name = `${prefix}-${randomBytes(6).toString('hex')}`;
  await client.createRepository({ name, storage_namespace: `local://${name}` });
  return name;
}

export function clientFor(server: LakefsUnderTest): LakefsClient {
  const { endpoint, accessKeyId, secretAccessKey } = server;
  return createLakefsClient({ endpoint, accessKeyId, secretAccessKey });
}

/** Puts one object on a branch and commits it; the answer is the commit's id. */
export async function commitObject(
  client: LakefsClient,
  repository: string,
  branch: string,
  path: string,
  content: string,
): Promise<string> {
  await client.uploadObject(repository, branch, path, content);
  return (await client.commit(repository, branch, { message: `Add ${path}` })).id;
}
