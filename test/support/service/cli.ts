import type { Io, Terminal } from '../../../src/cli/output.js';
import { run } from '../../../src/cli/program.js';

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
