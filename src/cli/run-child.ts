import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { CliError } from './output.js';

/** What schedulers and terminals send: Slurm's `--signal` may be any of them. */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** A terminal sends these to the child, too: passed on, they would reach it twice, and break off its tidying up. */
const sentByTerminals: readonly string[] = ['SIGINT', 'SIGQUIT'];

/**
 * Runs a program with our streams, and passes signals on to it. The answer is its exit code; 128 and the number of the
 * signal where one ended it.
 *
 * @throws CliError 127 where there is no such program, 126 where it cannot be started
 */
export async function runChild(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  // `process.stdin` would begin to read what the child is to read.
  const inTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  let child: ChildProcess | undefined;
  const pass = (name: NodeJS.Signals): void => {
    if (!inTerminal || !sentByTerminals.includes(name)) child?.kill(name);
  };
  // Before the child is there: a signal in between would end us and leave the child running.
  for (const name of passedOn) process.on(name, pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child = spawn(command, [...args], { env, stdio: 'inherit' });
      child.once('error', (error: NodeJS.ErrnoException) => reject(startError(command, error)));
      child.once('exit', (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    for (const name of passedOn) process.off(name, pass);
  }
}

function startError(command: string, { code, message }: NodeJS.ErrnoException): CliError {
  if (code === 'ENOENT') return new CliError(`cannot start "${command}": there is no such program`, 127);
  const reason = code === 'EACCES' ? 'it is not executable' : message;
  return new CliError(`cannot start "${command}": ${reason}`, 126);
}
