import { expect, test } from 'vitest';
import { createLateRuns } from '../../../../workers/sweep/late-runs.js';

/** The times (ms) of the looks within an hour of sweeps every 30 s, each of which takes so long. */
async function looksOf(count: number, costMs: number) {
  let time = 1_000_000_000_000;
  const late = createLateRuns(() => time);
  for (let n = 0; n < count; n += 1) late.seen({ id: `r${n}`, startTime: n, terminal: true });
  late.allSeen();
  const begun = time;
  const looks: { readonly at: number; readonly filter: string }[] = [];
  while (time < begun + 3_600_000) {
    time += 30_000;
    await late.step(
      async (filter) => {
        looks.push({ at: time, filter });
        time += costMs;
      },
      async () => undefined,
    );
  }
  // A round begins where nothing lies before it.
  const rounds = looks.filter(({ filter }) => !filter.includes('>='));
  const longest = Math.max(...rounds.slice(1).map(({ at }, n) => at - rounds[n]!.at));
  return { share: (looks.length * costMs) / (time - begun), rounds: rounds.length, longest };
}

test.each([
  { count: 1_000, costMs: 30, longest: 30_060 },
  { count: 10_000, costMs: 40, longest: 120_000 },
  { count: 50_000, costMs: 60, longest: 660_000 },
])(
  'rounds over $count runs take at most a hundredth of a server’s time, and begin every $longest ms at least',
  async ({ count, costMs, longest }) => {
    const looks = await looksOf(count, costMs);
    expect(looks.share).toBeLessThanOrEqual(0.0105);
    expect(looks.rounds).toBeGreaterThan(4);
    expect(looks.longest).toBeLessThanOrEqual(longest);
  },
);

test('more than 100,000 runs are left to the full resync', async () => {
  const looks = await looksOf(100_002, 1);
  expect(looks.rounds).toBe(0);
});
