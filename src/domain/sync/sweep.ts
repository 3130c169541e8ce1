/** Runs that started within this time and still run are checked in every sweep, in ms. */
export const runningWindowMs = 7 * 24 * 3_600_000;

/** Clocks of clients differ, and what a run logs may be seen late: the watermark stays this far behind, in ms. */
export const sweepOverlapMs = 10 * 60_000;

/** A short sweep looks back this far behind the start of the one before, in ms: clocks differ by seconds. */
const shortOverlapMs = 60_000;

/** A whole sweep is made after so many intervals, or after this long (ms), whichever comes first. */
const wholeEvery = { intervals: 4, ms: 2 * 60_000 };

const maxPauseMs = 5 * 60_000;

/** The sweeps that a process has finished, Unix ms of their starts. */
export interface EarlierSweeps {
  readonly last: number;
  readonly lastWhole: number;
}

/** What a sweep reads: runs that started or ended since, Unix ms. At least one of the two is set. */
export interface SweepReach {
  /** What is new since the last sweep, which is checked first. Unset in the first sweep of a process. */
  readonly newSince?: number;
  /** Everything since the watermark, 0 where there is none. Unset in a short sweep. */
  readonly allSince?: number;
}

/**
 * How far back a sweep reads. A whole one reads all since the watermark: it finds a lost job and a run that shows
 * up late, and it alone moves the watermark. What is new comes first, so that it need not wait for the rest. In
 * between, a short one reads nothing else, so that the runs of the overlap are not read again and again.
 *
 * @param intervalMs sweeps are asked for this often
 */
export function sweepReach(
  watermark: number,
  startedAt: number,
  earlier: EarlierSweeps | undefined,
  intervalMs: number,
): SweepReach {
  if (earlier === undefined) return { allSince: watermark };
  const wholeMs = Math.min(wholeEvery.ms, wholeEvery.intervals * intervalMs);
  const isWhole = startedAt - earlier.lastWhole >= wholeMs;
  return {
    newSince: Math.max(watermark, earlier.last - shortOverlapMs),
    ...(isWhole && { allSince: watermark }),
  };
}

/**
 * How far everything is known to be linked, Unix ms: the sweep's start less ten minutes, but never past a run that
 * still has something to write. So a lost job holds the watermark back and is found again.
 *
 * @param unsettled start or end times of the runs whose tags are not yet as they should be
 */
export function nextWatermark(before: number, sweepStart: number, unsettled: readonly number[]): number {
  const limit = unsettled.reduce((oldest, time) => Math.min(oldest, time), sweepStart - sweepOverlapMs);
  return Math.max(before, limit);
}

/**
 * When the next sweep may begin, Unix ms: after nine times as long as the last one worked, so that sweeps take at most
 * a tenth of a server's time, but after 5 minutes at most.
 */
export function nextSweepAt(endedAt: number, workedMs: number): number {
  return endedAt + Math.min(maxPauseMs, 9 * workedMs);
}
