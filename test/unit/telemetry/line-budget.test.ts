import { expect, test } from 'vitest';
import { createLineBudget } from '../../../src/telemetry/line-budget.js';

test('one sender gets five lines a minute, and the next line says how many were left out', () => {
  let now = 0;
  const take = createLineBudget(() => now);
  for (let i = 0; i < 5; i++) expect(take('a')).toEqual({});
  for (let i = 0; i < 95; i++) expect(take('a')).toBeUndefined();
  expect(take('b')).toEqual({ leftOut: 95 });
  now = 60_000;
  expect(take('a')).toEqual({});
});

test('a thousand senders get 60 lines together', () => {
  const take = createLineBudget(() => 0);
  const lines = Array.from({ length: 1_000 }, (_, i) => take(`sender ${i}`));
  expect(lines.filter((line) => line !== undefined)).toHaveLength(60);
});
