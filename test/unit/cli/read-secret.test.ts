import { describe, expect, test } from 'vitest';
import { readSecret } from '../../../src/cli/hash-password.js';

function input(isTTY: boolean, chunks: readonly (string | Buffer)[]) {
  const modes: boolean[] = [];
  const stream = {
    isTTY,
    setRawMode(mode: boolean) {
      modes.push(mode);
      return stream as never;
    },
    pause: () => stream as never,
    async *[Symbol.asyncIterator]() {
      yield* chunks;
    },
  };
  return { stream: stream as never, modes };
}

const nothing = (): void => {};

describe('a password that is piped in', () => {
  test.each([
    [['secret\n'], 'secret'],
    [['sec', 'ret'], 'secret'],
    [['secret\r\nrest\n'], 'secret'],
    [[' blank ends \n'], ' blank ends '],
    [[], ''],
  ])('%j is %j', async (chunks, expected) => {
    expect(await readSecret(input(false, chunks).stream, nothing)).toBe(expected);
  });

  test('a character that two chunks share stays whole', async () => {
    const bytes = Buffer.from('ö\n');
    const { stream } = input(false, [bytes.subarray(0, 1), bytes.subarray(1)]);
    expect(await readSecret(stream, nothing)).toBe('ö');
  });
});

describe('a password that is typed', () => {
  test('is not echoed, can be corrected, and leaves the terminal as it was', async () => {
    const { stream, modes } = input(true, ['s', 'x', '\u007f', 'ecret', '\r']);
    let said = '';
    expect(await readSecret(stream, (text) => (said += text))).toBe('secret');
    expect(said).toBe('Password: \n');
    expect(modes).toEqual([true, false]);
  });

  test('Ctrl-C gives up', async () => {
    const { stream, modes } = input(true, ['sec', '\u0003']);
    expect(await readSecret(stream, nothing)).toBeUndefined();
    expect(modes).toEqual([true, false]);
  });
});
