import type { Io, Terminal } from '../../../src/cli/output.js';
import { run } from '../../../src/cli/program.js';
import type { Installation, Settings } from '../../../src/config/types.js';
import { usualOutputWords, wildKeys } from '../../../src/domain/references/reference-rules.js';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSurroundings {
  /** Default: loading the settings is an error, for commands that must do without. */
  readonly loadSettings?: Io['loadSettings'];
  readonly env?: NodeJS.ProcessEnv;
  /** Makes stdout and stderr a terminal of this width. */
  readonly columns?: number;
  readonly signal?: AbortSignal;
}

/** Runs one command line in this process, as `lakefs-mlflow …argv` would. */
export async function runCli(
  argv: readonly string[],
  surroundings: CliSurroundings = {},
): Promise<CliResult> {
  const { columns, signal } = surroundings;
  const [stdout, stderr] = [recorder(columns), recorder(columns)];
  const io: Io = {
    env: surroundings.env ?? {},
    stdout,
    stderr,
    loadSettings:
      surroundings.loadSettings ??
      (() => Promise.reject(new Error('this command must not load the settings'))),
    interruption: () => signal ?? new AbortController().signal,
  };
  const code = await run(argv, io);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function recorder(columns: number | undefined): Terminal & { text(): string } {
  const written: string[] = [];
  return {
    isTTY: columns !== undefined,
    columns,
    write: (text) => void written.push(text),
    text: () => written.join(''),
  };
}

/** Settings as they come from an environment with little more than a lakeFS server in it. */
export function settingsWith(
  lakefs: { endpoint: string; accessKeyId: string; secretAccessKey: string },
  changes: Partial<Settings> = {},
): Settings {
  return {
    host: '127.0.0.1',
    port: 8321,
    publicUrl: 'http://127.0.0.1:8321',
    queueUrl: 'embedded',
    dataDir: '/nowhere',
    logLevel: 'info',
    users: [],
    trustedProxies: [],
    sweepIntervalMs: 30_000,
    reconcileIntervalMs: 60_000,
    lapIntervalMs: 86_400_000,
    concurrency: 4,
    shutdownDeadlineMs: 20_000,
    shutdownDrainMs: 0,
    installations: [installationWith('default', lakefs)],
    ...changes,
  };
}

export function installationWith(
  name: string,
  lakefs: { endpoint: string; accessKeyId: string; secretAccessKey: string },
): Installation {
  return {
    name,
    lakefs: {
      endpoint: lakefs.endpoint,
      accessKeyId: lakefs.accessKeyId,
      secretAccessKey: lakefs.secretAccessKey,
      publicUrl: lakefs.endpoint,
      hosts: [],
      s3Domains: [],
    },
    mlflow: {
      trackingUri: 'http://127.0.0.1:5000',
      publicUrl: 'http://127.0.0.1:5000',
      connections: 'auto',
      maxInFlight: 8,
      timeoutMs: 1_000,
    },
    repositories: [],
    branches: [],
    promotedBranches: [],
    experiments: [],
    catalog: 'lakefs',
    mode: 'write',
    tagModels: true,
    startMarginMs: 60_000,
    referenceKeys: wildKeys,
    outputWords: usualOutputWords,
    hookTokens: [],
    rules: [],
    layouts: [],
  };
}
