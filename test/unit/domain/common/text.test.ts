import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  count,
  cut,
  firstLine,
  inBytes,
  isClean,
  storable,
  toCode,
  toCodeBlock,
  toLine,
  toText,
} from '../../../../src/domain/common/text.js';

test('a line keeps unicode, and loses control characters, line breaks and marks that turn the text', () => {
  expect(toLine('Größe\u0000 数据\r\n🎉\u0007 x\u202e', 100)).toBe('Größe 数据 🎉 x');
});

test('half a surrogate pair is replaced', () => {
  expect(toLine('a\ud83d', 10)).toBe('a\ufffd');
});

test('what is stored is whole, well-formed and free of control characters', () => {
  expect(storable('a\u0000b\u001b[2J\ud83d\n\tc\u202e', 100)).toBe('a b [2J\ufffd\n\tc');
  expect(storable('ab🎉cd', 4)).toBe('ab…');
  expect(storable('ab🎉cd', 5)).toBe('ab🎉…');
  expect(storable('ab🎉cd', 6)).toBe('ab🎉cd');
});

test('a cut never leaves half a character', () => {
  expect([0, 1, 2, 3, 4].map((units) => cut('a🎉b', units))).toEqual(['', 'a', 'a', 'a🎉', 'a🎉b']);
});

test('what lies behind megabytes of blanks is cut off, and the text says so', () => {
  const blanks = ' '.repeat(1_000_000);
  expect(toLine(`a${blanks}b`, 100)).toBe('a…');
  expect(toText(`a${blanks}b`, 100)).toBe('a…');
  expect(toLine(`${blanks}a${blanks}`, 100)).toBe('a');
});

test('a text keeps its line breaks', () => {
  expect(toText('one \r\ntwo\u0000\rthree\n\n', 100)).toBe('one\ntwo\nthree');
});

test('a long text is cut between code points and says so', () => {
  expect(toLine('🎉🎉🎉🎉', 3)).toBe('🎉🎉…');
  expect(toLine('🎉🎉🎉', 3)).toBe('🎉🎉🎉');
});

test('whatever the input, a line has no control character and keeps to its limit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
      const line = toLine(text, limit);
      expect(isClean(line)).toBe(true);
      expect(Array.from(line).length).toBeLessThanOrEqual(limit);
    }),
  );
});

test('the first line is the first that holds something', () => {
  expect(firstLine('\n \nAdd rows\n\nbecause', 100)).toBe('Add rows');
  expect(firstLine('\u0000', 100)).toBe('');
});

test('sizes are given in powers of 1,000', () => {
  expect([0, 999, 1_000, 1_234_567, 999_600, 5e15].map(inBytes)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1.2 MB',
    '1 MB',
    '5 PB',
  ]);
});

test('a number of things has its plural', () => {
  expect([count(1, 'object'), count(0, 'object'), count(12_000, 'object')]).toEqual([
    '1 object',
    '0 objects',
    '12,000 objects',
  ]);
});

test('code of Markdown cannot be left from inside', () => {
  expect(toCode('a`b``c')).toBe('```a`b``c```');
  expect(toCode('`a')).toBe('`` `a ``');
  expect(toCodeBlock('```\n[x](http://evil)')).toBe('````\n```\n[x](http://evil)\n````');
});
