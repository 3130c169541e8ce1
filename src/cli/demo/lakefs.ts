import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { withoutEndSlashes } from '../../domain/paths/path.js';
import { startSandbox } from '../../sandbox/index.js';
import { CliError, exitCodes } from '../output.js';
import { type Child, type Children, choosePort, waitUntilReady } from './children.js';

/** Which lakeFS the demo uses. `place` is the name of its folder. */
export type LakefsKind =
  | {
      readonly kind: 'given';
      readonly place: string;
      readonly endpoint: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
    }
  | { readonly kind: 'program'; readonly place: 'lakefs'; readonly program: string }
  | { readonly kind: 'sandbox'; readonly place: 'sandbox' };

/**
 * The one that the environment names, else a `lakefs` on the PATH, else the sandbox. `~/.lakectl.yaml` is ignored:
 * the demo writes to the server, and that file may name one that other people use.
 */
export function chooseLakefs(env: NodeJS.ProcessEnv): LakefsKind {
  const endpoint = env.LAKECTL_SERVER_ENDPOINT_URL || undefined;
  if (endpoint !== undefined) return given(endpoint, env);
  const program = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'lakefs'))
    .find(isProgram);
  if (program === undefined) return { kind: 'sandbox', place: 'sandbox' };
  return { kind: 'program', place: 'lakefs', program };
}

function given(address: string, env: NodeJS.ProcessEnv): LakefsKind {
  const accessKeyId = env.LAKECTL_CREDENTIALS_ACCESS_KEY_ID || undefined;
  const secretAccessKey = env.LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY || undefined;
  if (!URL.canParse(address) || accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CliError(
      'LAKECTL_SERVER_ENDPOINT_URL is set, so the demo uses that lakeFS. Set it to an address that starts with http:// ' +
        'or https://, and set LAKECTL_CREDENTIALS_ACCESS_KEY_ID and LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY. Or unset ' +
        'it: the demo then uses a "lakefs" on the PATH, or its own sandbox.',
      exitCodes.usage,
    );
  }
  const endpoint = withoutEndSlashes(address).replace(/\/api\/v1$/, '');
  const place = `lakefs-at-${new URL(endpoint).host.replace(/[^\w.-]/g, '-')}`;
  return { kind: 'given', place, endpoint, accessKeyId, secretAccessKey };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface LakefsServer {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** False for the sandbox, which has no web pages. */
  readonly hasPages: boolean;
  /** True for the user's own server, whose keys we do not show. */
  readonly given: boolean;
  /** A few words, with its address. */
  readonly description: string;
  /** The process, if we started one. */
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
  /** The token that the action sends. */
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
