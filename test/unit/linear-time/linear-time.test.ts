import { expect, test } from 'vitest';
import { entries } from './entries.js';
import { shapesOf } from './shapes.js';

/** In ms, of the processor: other programs on the machine do not count. */
const limit = 50;

/** In UTF-16 units. Fewer first: what grows with the square would take minutes for all of them. */
const lengths = [20_000, 150_000, 1_000_000];
const byLength = lengths.map((length) => shapesOf(length));

/** Milliseconds of processor time; the quickest of twelve tries, since a collection of garbage or a busy neighbour slows some. */
function quickest(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 12 && best > limit; turn += 1) {
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
    const slow = new Map<string, string>();
    for (const shapes of byLength) {
      for (const [shape, text] of shapes) {
        if (slow.has(shape)) continue;
        const ms = quickest(() => entry(text));
        if (ms > limit) slow.set(shape, `${Math.round(ms)} ms for ${text.length} characters`);
      }
    }
    expect(Object.fromEntries(slow)).toEqual({});
  },
);
