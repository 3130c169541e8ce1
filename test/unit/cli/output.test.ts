import { expect, test } from 'vitest';
import { printable, wrap } from '../../../src/cli/output.js';

test('Text is wrapped at blanks, and every line is indented', () => {
  expect(wrap('one two three four', 11, '  ')).toBe('  one two\n  three\n  four');
});

test('A word that is longer than the line stays whole', () => {
  expect(wrap('see https://a-very-long.example/address now', 10, '')).toBe(
    'see\nhttps://a-very-long.example/address\nnow',
  );
});

test('What is no terminal is not wrapped', () => {
  const long = 'word '.repeat(100).trim();
  expect(wrap(long, undefined, '')).toBe(long);
});

test('A line with an indent of its own keeps it', () => {
  expect(wrap('problems:\n  - one two three', 12, '')).toBe('problems:\n  - one two\n  three');
});

test('Line breaks are kept', () => {
  expect(wrap('a\n\nb', 80, ' ')).toBe(' a\n\n b');
});

test('Control characters from elsewhere do not reach the terminal', () => {
  expect(printable('a\u001b[31mb\u0007\r\u009bc\nd')).toBe('a\uFFFD[31mb\uFFFD\uFFFD\uFFFDc\nd');
});
