import { setTimeout as wait } from 'node:timers/promises';
import { ourTag } from '../../src/contract/tags.js';
import {
  type EarlierSweeps,
  nextSweepAt,
  nextWatermark,
  type SweepReach,
  sweepReach,
} from '../../src/domain/sync/sweep.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import type { Queues } from '../../src/queue/types.js';

export interface SweepScope extends SweepReach {
  /** Unix ms. */
  readonly startedAt: number;
}

/** What sweeps of one server remember from one to the next. A cache: losing it costs a longer sweep. */
export interface SweepHistory {
  /** How long the next sweep has to wait, in ms; 0 where it may begin. */
  pauseMs(): number;
  begin(startedAt: number): Promise<SweepScope>;
  /**
   * `unsettled`: start or end times of the runs whose tags are not yet as they should be. `waitedMs`: for how long the
   * sweep let others go first, or did what has a budget of its own.
   */
  finished(scope: SweepScope, unsettled: readonly number[], waitedMs: number): Promise<void>;
}

/** The watermark is written when it has moved this far, in ms: it saves one write a sweep, and costs nothing. */
const writeEveryMs = 60_000;

export function createSweepHistory(facts: ServerFacts, intervalMs: number, now: () => number): SweepHistory {
  const { mlflow } = facts.access;
  let notBefore = 0;
  let earlier: EarlierSweeps | undefined;
  /** Unix ms up to which everything is known to be linked; 0 where nothing is known. */
  let watermark: number | undefined;
  let written = 0;

  /** Kept on the oldest catalog experiment: a place that every process of ours finds. */
  async function home(): Promise<{ id: string; value: number } | undefined> {
    const catalogs = (await facts.experiments.all()).filter(({ catalog, active }) => catalog && active);
    const oldest = catalogs.sort((a, b) => Number(a.id) - Number(b.id))[0];
    if (oldest === undefined) return undefined;
    const value = Number(oldest.tags.get(ourTag.sweptUntil) ?? 0);
    return { id: oldest.id, value: Number.isSafeInteger(value) && value <= now() ? value : 0 };
  }

  async function known(): Promise<number> {
    if (watermark === undefined) {
      watermark = (await home())?.value ?? 0;
      written = watermark;
    }
    return watermark;
  }

  async function moveTo(next: number): Promise<void> {
    watermark = next;
    if (next - written < writeEveryMs) return;
    const place = await home();
    if (place === undefined) return;
    await mlflow.experiments.setExperimentTag(place.id, ourTag.sweptUntil, String(next));
    written = next;
  }

  return {
    pauseMs: () => Math.max(0, notBefore - now()),
    begin: async (startedAt) => ({
      startedAt,
      ...sweepReach(await known(), startedAt, earlier, intervalMs),
    }),
    finished: async ({ startedAt, allSince }, unsettled, waitedMs) => {
      // The first sweep learns what later ones remember: how long it took says nothing about them.
      if (earlier !== undefined) notBefore = nextSweepAt(now(), now() - startedAt - waitedMs);
      const isWhole = allSince !== undefined;
      const lastWhole = isWhole ? startedAt : (earlier?.lastWhole ?? startedAt);
      earlier = { last: startedAt, lastWhole };
      if (isWhole) await moveTo(nextWatermark(await known(), startedAt, unsettled));
    },
  };
}

export interface WaitForIdleOptions {
  /** Waits no longer than this, in ms. */
  readonly atMostMs: number;
  /** For tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Any clock in ms; for tests. */
  readonly now?: () => number;
}

/** How often it is asked whether anything waits, in ms. */
const everyMs = 500;

/**
 * Lets the jobs that people wait for go first. Jobs that are put off do not count: they may wait for a server that is
 * down.
 */
export interface WaitForIdle {
  /** Resolves once no run is to be linked and no commit to be registered, or after `atMostMs`. */
  wait(signal: AbortSignal): Promise<void>;
  /** The process is about to end: nobody waits any longer. */
  stop(): void;
}

export function createWaitForIdle(
  queues: Pick<Queues, 'counts'>,
  {
    atMostMs,
    sleep = (ms, signal) => wait(ms, undefined, { signal }),
    now = () => performance.now(),
  }: WaitForIdleOptions,
): WaitForIdle {
  const ending = new AbortController();

  async function isBusy(): Promise<boolean> {
    const counts = await queues.counts();
    return (['link-run', 'register-commit'] as const).some(
      (name) => counts[name].waiting + counts[name].active > 0,
    );
  }

  return {
    wait: async (signal) => {
      const until = now() + atMostMs;
      const either = AbortSignal.any([signal, ending.signal]);
      while (!ending.signal.aborted && now() < until && (await isBusy())) {
        await sleep(Math.min(everyMs, until - now()), either).catch(() => signal.throwIfAborted());
      }
    },
    stop: () => ending.abort(),
  };
}
