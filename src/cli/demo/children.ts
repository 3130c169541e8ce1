import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { type ProcessIdentity, processIdentity } from '../../queue/process-identity.js';

/** How long a process may take to end after SIGTERM, in ms. */
const graceMs = 5_000;

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File for what it prints; with `input`, for what it prints on stderr. */
  readonly log: string;
  /** Given to it on stdin; then its stdout is kept, for `Child.output`. */
  readonly input?: string;
}

export interface Child {
  readonly name: string;
  /** How it ended, in words; undefined while it runs. */
  ending(): string | undefined;
  /** Resolves once it has ended. */
  readonly ended: Promise<void>;
  readonly output: () => string;
  /** The last lines of its log. */
  readonly lastWords: () => string;
}

export interface Children {
  start(options: ChildOptions): Child;
  /** Ends all of them, with all that they have started. */
  stop(): Promise<void>;
}

/**
 * Programs in process groups of their own, so that a Ctrl-C in the terminal does not reach them before we have
 * finished with them, and so that their workers end with them. `record` names a file that lists them, for the
 * next start after a `kill -9`.
 */
export function createChildren(record: string): Children {
  const running = new Map<ChildProcess, Promise<void>>();
  const groups = () => [...running.keys()].flatMap(({ pid }) => pid ?? []);
  process.on('exit', () => {
    for (const group of groups()) endGroup(group, 'SIGKILL');
  });

  function writeRecord(): void {
    writeFileSync(record, JSON.stringify(groups().map(processIdentity)), { mode: 0o600 });
  }

  function start({ name, command, args, env, log, input }: ChildOptions): Child {
    const file = openSync(log, 'w', 0o600);
    const [stdin, stdout] = input === undefined ? (['ignore', file] as const) : (['pipe', 'pipe'] as const);
    const child = spawn(command, [...args], { detached: true, env, stdio: [stdin, stdout, file] });
    closeSync(file);
    let output = '';
    let ending: string | undefined;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const ended = new Promise<void>((resolve) => {
      function end(how: string): void {
        ending ??= how;
        running.delete(child);
        writeRecord();
        resolve();
      }
      child.once('error', (error) => end(`cannot be started: ${error.message}`));
      child.once('close', (code, signal) => end(signal === null ? `exit code ${code}` : signal));
    });
    running.set(child, ended);
    writeRecord();
    // A program that ends before it has read all says so by its exit code.
    child.stdin?.on('error', () => undefined).end(input);
    const lastWords = () => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    return { name, ending: () => ending, ended, output: () => output, lastWords };
  }

  async function stop(): Promise<void> {
    const all = Promise.all(running.values());
    for (const group of groups()) endGroup(group, 'SIGTERM');
    const late = setTimeout(() => {
      for (const group of groups()) endGroup(group, 'SIGKILL');
    }, graceMs);
    await all;
    clearTimeout(late);
  }

  return { start, stop };
}

/** Ends what a killed demo has left running, and gives how many programs that were. */
export async function endLeftovers(record: string): Promise<number> {
  const left = readRecord(record).filter(isStillThatProcess);
  for (const { pid } of left) endGroup(pid, 'SIGTERM');
  const end = Date.now() + graceMs;
  while (left.some(isStillThatProcess) && Date.now() < end) await new Promise((next) => setTimeout(next, 50));
  for (const { pid } of left.filter(isStillThatProcess)) endGroup(pid, 'SIGKILL');
  return left.length;
}

/** Only where the system tells when a process began: else its number may have been given to another one. */
function isStillThatProcess(known: ProcessIdentity): boolean {
  const now = processIdentity(known.pid);
  return (
    now.startedAt !== '' &&
    now.startedAt === known.startedAt &&
    now.pidSpace === known.pidSpace &&
    now.hostname === known.hostname
  );
}

function readRecord(record: string): readonly ProcessIdentity[] {
  try {
    const list: unknown = JSON.parse(readFileSync(record, 'utf8'));
    return Array.isArray(list) ? list.filter(isIdentity) : [];
  } catch {
    return [];
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return typeof value === 'object' && value !== null && 'pid' in value && Number.isSafeInteger(value.pid);
}

function endGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Already gone.
  }
}
