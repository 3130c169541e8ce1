import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/index.js';
import type { Child, Children } from './children.js';
import type { LakefsKind } from './lakefs-kind.js';
import { choosePort } from './ports.js';
import { waitUntilReady } from './ready.js';

export interface LakefsServer {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** False for the sandbox, which has no web pages. */
  readonly hasPages: boolean;
  /** True where it is one of other people, whose keys we do not show. */
  readonly given: boolean;
  /** In a few words, with its address. */
  readonly description: string;
  /** The process, where we have started one. */
  readonly child?: Child;
  close(): Promise<void>;
}

/** lakeFS's own fixed keys for `--quickstart`. */
const quickstart = {
  accessKeyId: 'AKIAIOSFOLQUICKSTART',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

interface Surroundings {
  readonly children: Children;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the action sends to us. */
  readonly token: string;
  readonly signal: AbortSignal;
}

export async function startLakefs(kind: LakefsKind, surroundings: Surroundings): Promise<LakefsServer> {
  switch (kind.kind) {
    case 'given': {
      const { endpoint, accessKeyId, secretAccessKey } = kind;
      const description = `yours at ${endpoint}`;
      const close = () => Promise.resolve();
      return { endpoint, accessKeyId, secretAccessKey, hasPages: true, given: true, description, close };
    }
    case 'program':
      return startProgram(kind.program, surroundings);
    case 'sandbox':
      return startInProcess(surroundings);
  }
}

async function startInProcess({ token }: Surroundings): Promise<LakefsServer> {
  const { port, remark } = await choosePort(8000);
  const sandbox = await startSandbox({ port, env: { LAKEFSACTION_BRIDGE_TOKEN: token } });
  const { endpoint, accessKeyId, secretAccessKey } = sandbox;
  const description = `the sandbox, ${endpoint}${remark}`;
  const close = () => sandbox.close();
  return { endpoint, accessKeyId, secretAccessKey, hasPages: false, given: false, description, close };
}

/** Runs it as `lakefs run --quickstart`, with its data below `folder`. */
async function startProgram(
  program: string,
  { children, folder, env, token, signal }: Surroundings,
): Promise<LakefsServer> {
  const { port, remark } = await choosePort(8000);
  const endpoint = `http://127.0.0.1:${port}`;
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const own = Object.entries(env).filter(([name]) => !name.startsWith('LAKEFS_'));
  const child = children.start({
    name: 'lakeFS',
    command: program,
    args: ['run', '--quickstart'],
    env: {
      ...Object.fromEntries(own),
      HOME: home,
      LAKEFS_LISTEN_ADDRESS: `127.0.0.1:${port}`,
      LAKEFS_STATS_ENABLED: 'false',
      // From 1.88 on hooks may call loopback addresses only where this says so.
      LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS: '["127.0.0.1","localhost"]',
      LAKEFSACTION_BRIDGE_TOKEN: token,
    },
    log: join(folder, 'lakefs.log'),
  });
  await waitUntilReady(child, `${endpoint}/api/v1/healthcheck`, signal);
  return {
    ...{ endpoint, ...quickstart, child },
    hasPages: true,
    given: false,
    description: `${endpoint}${remark}`,
    close: () => Promise.resolve(),
  };
}
