import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessIdentity, processIdentity } from '../../queue/process-identity.js';
import { CliError } from '../output.js';

/** How long a process may take to end after SIGTERM, in ms. */
const graceMs = 5_000;

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File for its output; with `input`, for its stderr. */
  readonly log: string;
  /** Its stdin; its stdout is then kept for `Child.output`. */
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
  /** Ends all of them, and everything they started. */
  stop(): Promise<void>;
}

/**
 * Programs in process groups of their own, so that a Ctrl-C in the terminal does not reach them before we are done
 * with them, and so that their workers end with them. `record` is the path of a file that lists them, so that the next
 * start can end them after a `kill -9`.
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
    // A program that ends before it has read everything reports that by its exit code.
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

/** Ends what a killed demo left running, and returns how many programs that were. */
export async function endLeftovers(record: string): Promise<number> {
  const left = readRecord(record).filter(isStillThatProcess);
  for (const { pid } of left) endGroup(pid, 'SIGTERM');
  const end = Date.now() + graceMs;
  while (left.some(isStillThatProcess) && Date.now() < end) await new Promise((next) => setTimeout(next, 50));
  for (const { pid } of left.filter(isStillThatProcess)) endGroup(pid, 'SIGKILL');
  return left.length;
}

/** Only where the system says when a process started: otherwise its id may belong to another process by now. */
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

const limitMs = 120_000;

/** Waits until a server that we started answers at `address`. Throws `CliError` with the end of its log. */
export async function waitUntilReady(child: Child, address: string, signal: AbortSignal): Promise<void> {
  const end = Date.now() + limitMs;
  for (;;) {
    const ending = child.ending();
    if (ending !== undefined) {
      throw new CliError(`${child.name} ended (${ending}). Its last lines:\n${child.lastWords()}`);
    }
    const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) {
      throw new CliError(
        `${child.name} does not answer at ${address} after ${limitMs / 1000} s. Its last lines:\n${child.lastWords()}`,
      );
    }
    await sleep(50, undefined, { signal });
  }
}

export interface Port {
  readonly port: number;
  /** Says that the usual port is taken; empty if it is not. */
  readonly remark: string;
}

/** The usual port if it is free on loopback, else any free one. */
export async function choosePort(usual: number): Promise<Port> {
  const port = await tryPort(usual);
  if (port !== undefined) return { port, remark: '' };
  const other = await tryPort(0);
  if (other === undefined) throw new Error('there is no free port on 127.0.0.1');
  return { port: other, remark: ` (${usual} is in use)` };
}

function tryPort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}
