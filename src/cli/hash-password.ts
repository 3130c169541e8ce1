import type { ReadStream } from 'node:tty';
import { Command } from 'commander';
import { hashPassword } from '../config/users.js';
import { CliError, type Io, warn } from './output.js';

export function hashPasswordCommand(io: Io): Command {
  return new Command('hash-password')
    .description(
      'Makes the hash that LAKEFS_MLFLOW_USERS takes: asks for a password, or reads it from stdin.',
    )
    .addHelpText('after', '\nExample: LAKEFS_MLFLOW_USERS=ada:operator:<hash>,bob:viewer:<hash>')
    .action(async () => {
      const password = await readSecret(process.stdin, (text) => io.stderr.write(text));
      if (password === undefined) throw new CliError('stopped: no hash was made', 130);
      if (password === '') warn(io, 'the password is empty: anyone who knows the name can log in');
      io.stdout.write(`${await hashPassword(password)}\n`);
    });
}

/** The most that is read of a password, in characters. */
const limit = 1_000;

/**
 * Reads one line without showing it: typed at a terminal, else the first line of what is piped in.
 * Undefined where the person gave up with Ctrl-C.
 *
 * @param say writes the question; not to stdout, which is for the answer
 */
export async function readSecret(
  input: Pick<ReadStream, 'isTTY' | 'setRawMode' | 'pause'> & AsyncIterable<Buffer | string>,
  say: (text: string) => void,
): Promise<string | undefined> {
  if (!input.isTTY) return firstLine(input);
  say('Password: ');
  input.setRawMode(true);
  try {
    return await typed(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    say('\n');
  }
}

async function firstLine(input: AsyncIterable<Buffer | string>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of input) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.includes('\n') || text.length > limit) break;
  }
  return (text.split('\n')[0] ?? '').replace(/\r$/, '').slice(0, limit);
}

async function typed(input: AsyncIterable<Buffer | string>): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of input) {
    for (const key of typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })) {
      if (key === '\r' || key === '\n' || key === '\u0004') return text;
      if (key === '\u0003') return undefined;
      if (key === '\u007f' || key === '\b') text = [...text].slice(0, -1).join('');
      else if (key >= ' ' && text.length < limit) text += key;
    }
  }
  return text;
}
