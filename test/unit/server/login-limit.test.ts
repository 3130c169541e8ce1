import { expect, test } from 'vitest';
import { createLoginLimit } from '../../../src/server/basic-login.js';

test('a sender has ten tries, and one more every six seconds', () => {
  let now = 0;
  const limit = createLoginLimit(() => now);
  for (let i = 0; i < 10; i++) expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBe(6_000);
  now = 4_000;
  expect(limit.take('a')).toBe(2_000);
  now = 6_000;
  expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBe(6_000);
  expect(limit.take('b')).toBe(0);
  now = 100_000;
  for (let i = 0; i < 10; i++) expect(limit.take('a')).toBe(0);
});

test('a try that was given back counts for nothing', () => {
  const limit = createLoginLimit(() => 0);
  for (let i = 0; i < 100; i++) {
    expect(limit.take('a')).toBe(0);
    limit.giveBack('a');
  }
});

test('of 100,000 senders the latest are remembered', () => {
  const limit = createLoginLimit(() => 0);
  for (let i = 0; i < 10; i++) limit.take('first');
  for (let i = 0; i < 100_000; i++) limit.take(`sender ${i}`);
  expect(limit.take('first')).toBe(0);
  for (let i = 0; i < 9; i++) limit.take('sender 99999');
  expect(limit.take('sender 99999')).toBeGreaterThan(0);
});
