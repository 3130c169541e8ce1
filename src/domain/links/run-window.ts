import { flags, type UntilFlag, untilFlag } from '../../contract/flags.js';
import type { RunView } from '../../contract/run.js';

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
 * The flag that says up to which end of the run its branch was read. What has been read up to the run's end is
 * settled: it is not read again. Undefined while the run runs, and for an end that is still to come.
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

/**
 * When a run may have begun to read that was begun after that: some loggers begin their run once the data is loaded, or
 * when all is over.
 */
export interface LateStart {
  /** Unix ms: when what the run stands for began, as far as it says so; else its own start. */
  readonly startMs: number;
  /** So much earlier, in ms, the data may have been loaded. */
  readonly lookBackMs: number;
}

/** How long data may lie in memory before its run begins, where nothing tells; in ms. */
const usualLookBackMs = 24 * 3_600_000;

/** Zones differ by whole quarters of an hour; a callback comes within half of one after the trial. */
const zoneStepMs = 15 * 60_000;

/**
 * Undefined for a run that is begun before its data is read, as MLflow's own API does it, and for one without a start
 * time. Known are, by what they write:
 *
 * - Optuna's `MLflowCallback`, which begins the run at the end of the trial. Its tags say in local time, without a zone,
 *   when the trial began and ended; the end is the run's start, which tells the zone. Trials after the first may use
 *   data that was loaded with the study.
 * - the callbacks of Hugging Face's `Trainer` and of Lightning, which begin it once training begins. Both log a metric
 *   `epoch`, as do many training loops written by hand: it adds doubt, and only where the data has changed.
 */
export function lateStartOf({ startTime, tags, logsEpochs }: RunView): LateStart | undefined {
  if (startTime === undefined) return undefined;
  const from = tags.get('datetime_start');
  const number = tags.get('number');
  if (from !== undefined && number !== undefined) {
    const began = trialStart(startTime, from, tags.get('datetime_complete') ?? '');
    const first = began !== undefined && number === '0';
    return { startMs: began ?? startTime, lookBackMs: first ? 0 : usualLookBackMs };
  }
  return logsEpochs ? { startMs: startTime, lookBackMs: usualLookBackMs } : undefined;
}

/** Unix ms; undefined where the two texts are no times of one trial. */
function trialStart(runStart: number, from: string, to: string): number | undefined {
  const began = asIfUtc(from);
  const ended = asIfUtc(to);
  if (began === undefined || ended === undefined || ended < began) return undefined;
  const zoneMs = Math.round((ended - runStart) / zoneStepMs) * zoneStepMs;
  return Math.min(began - zoneMs, runStart);
}

/** Python's `str(datetime)`: `2026-12-01 05:27:36.303824`, the fraction left out where it is nought. */
function asIfUtc(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{6})?$/.test(text)) return undefined;
  const ms = Date.parse(`${text.slice(0, 23).replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
