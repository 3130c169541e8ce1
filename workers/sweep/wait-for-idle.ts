import { setTimeout as wait } from 'node:timers/promises';
import type { Queues } from '../../src/queue/types.js';

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
