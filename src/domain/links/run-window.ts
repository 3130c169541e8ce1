import { flags, type UntilFlag, untilFlag } from '../../contract/flags.js';
import type { RunView } from '../../contract/run.js';
import { lateStartOf } from './late-start.js';

/** When a run may have read its data. Unix ms. */
export interface RunWindow {
  /**
   * Before the start by the margin: data is often opened before the run begins, and clocks differ. By more than that for a
   * run of a logger that begins late.
   */
  readonly fromMs: number;
  readonly startMs: number;
  /** The end; now for a run that has not ended, or of which the end is not known. */
  readonly toMs: number;
}

export type WindowOfRun =
  | { readonly kind: 'window'; readonly window: RunWindow }
  /** A run whose times say nothing. `atMs` is the best guess at when it ran. */
  | {
      readonly kind: 'unknown';
      readonly flag: typeof flags.noStartTime | typeof flags.futureStart;
      readonly atMs: number;
    };

/**
 * When a run may have read. A resumed run is RUNNING and keeps its old end time: its end is now. An end before the
 * start is none.
 */
export function windowOf(run: RunView, { marginMs, nowMs }: Clock): WindowOfRun {
  const { startTime } = run;
  const endMs = endOf(run);
  if (startTime === undefined)
    return { kind: 'unknown', flag: flags.noStartTime, atMs: Math.min(endMs ?? nowMs, nowMs) };
  if (startTime - marginMs > nowMs) return { kind: 'unknown', flag: flags.futureStart, atMs: nowMs };
  const { startMs, lookBackMs } = lateStartOf(run) ?? { startMs: startTime, lookBackMs: 0 };
  return {
    kind: 'window',
    window: { fromMs: startMs - marginMs - lookBackMs, startMs, toMs: Math.max(endMs ?? nowMs, startTime) },
  };
}

export interface Clock {
  /** Of the settings, ms. */
  readonly marginMs: number;
  readonly nowMs: number;
}

/**
 * The flag that says up to which end of the run its branch was looked at. What has been looked at up to the run's end is
 * settled: it is not looked at again. Undefined while the run runs, and for an end that is still to come.
 */
export function readUntil(run: RunView, nowMs: number): UntilFlag | undefined {
  const endMs = endOf(run);
  if (!run.terminal || (endMs !== undefined && endMs > nowMs)) return undefined;
  const date = new Date(endMs ?? Number.NaN);
  return untilFlag(Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString());
}

function endOf({ terminal, startTime, endTime }: RunView): number | undefined {
  if (!terminal || endTime === undefined) return undefined;
  return startTime !== undefined && endTime < startTime ? undefined : endTime;
}
