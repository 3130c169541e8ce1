/** Runs that started within this time and still run are looked at in every sweep, in ms. */
export const runningWindowMs = 7 * 24 * 3_600_000;

/** Clocks of clients differ, and what a run logs may be seen late: the watermark stays this far behind, in ms. */
const sweepOverlapMs = 10 * 60_000;

const maxPauseMs = 5 * 60_000;

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
 * When the next sweep may begin, Unix ms: after nine times as long as the last one took, so that sweeps take at most
 * a tenth of a server's time, but after 5 minutes at most.
 */
export function nextSweepAt(startedAt: number, endedAt: number): number {
  return endedAt + Math.min(maxPauseMs, 9 * (endedAt - startedAt));
}
