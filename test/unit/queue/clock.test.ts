import { expect, test } from 'vitest';
import { clockWarning } from '../../../src/queue/clock.js';

test.each([
  ['the same', { sent: 1_000, answered: 1_002, store: 1_001 }, undefined],
  ['5 s behind', { sent: 1_000, answered: 1_000, store: 6_000 }, undefined],
  ['12 s behind', { sent: 1_000, answered: 1_000, store: 13_000 }, /is 12 s behind that of Redis at r/],
  ['40 s ahead', { sent: 100_000, answered: 100_009, store: 60_000 }, /is 40 s ahead of that of Redis at r/],
  ['not known, as the answer took a minute', { sent: 0, answered: 60_000, store: 30_000 }, undefined],
])('a clock that is %s', (_what, reading, warning) => {
  const said = clockWarning('Redis at r', reading);
  if (warning === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(warning);
});
