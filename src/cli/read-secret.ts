import type { ReadStream } from 'node:tty';

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
