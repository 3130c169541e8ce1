import { expect, test } from 'vitest';
import { entries } from './entries.js';
import { shapes } from './shapes.js';

/** In ms, of the processor: other programs on the machine do not count. */
const limit = 50;

/** In UTF-16 units. A beginning first: what grows with the square would take minutes for all of it. */
const lengths = [20_000, 150_000, Number.POSITIVE_INFINITY];

/** Milliseconds of processor time; the quickest of six tries, since a collection of garbage may fall into some. */
function quickest(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 6 && best > limit; turn += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}

test.each(Object.entries(entries))(
  '%s: 1 MB of each awkward shape is handled within 50 ms',
  (_name, entry) => {
    const slow = [...shapes].flatMap(([shape, text]) => {
      for (const length of lengths) {
        const beginning = text.slice(0, length);
        const ms = quickest(() => entry(beginning));
        if (ms > limit) return [`${shape}: ${Math.round(ms)} ms for ${beginning.length} characters`];
      }
      return [];
    });
    expect(slow).toEqual([]);
  },
);
