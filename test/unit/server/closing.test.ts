import { expect, test } from 'vitest';
import { closingLimitMs } from '../../../src/closing.js';
import { enough, load } from '../config/fixtures.js';

test('closing takes at most 7 s by default, and 3 s beyond a longer deadline or drain', () => {
  const { shutdownDeadlineMs, shutdownDrainMs } = load(enough);
  expect(closingLimitMs({ shutdownDeadlineMs, shutdownDrainMs })).toBe(7_000);
  expect(closingLimitMs({ shutdownDeadlineMs: 25_000, shutdownDrainMs })).toBe(28_000);
  expect(closingLimitMs({ shutdownDeadlineMs, shutdownDrainMs: 10_000 })).toBe(13_000);
});
