import type { Log } from '../telemetry/log.js';

export interface QueueWatch {
  /** @param problem why the queue cannot be used at the start, undefined where it can */
  start(problem: string | undefined): void;
  stop(): void;
}

export interface QueueWatchOptions {
  /** Undefined where an event sent now would be stored, else why not; never rejects. */
  readonly problem: () => Promise<string | undefined>;
  readonly log: Log;
  /** ms, from any start. */
  readonly now: () => number;
}

const lookEveryMs = 10_000;

/** Logs when the queue can no longer be used and when it can again, even if nobody asks for readiness. */
export function createQueueWatch({ problem, log, now }: QueueWatchOptions): QueueWatch {
  let lostAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  function told(found: string | undefined): void {
    if (found !== undefined && lostAt === undefined) {
      lostAt = now();
      log.warn({ problem: found }, 'the queue cannot be used: events are refused until it can');
    } else if (found === undefined && lostAt !== undefined) {
      log.info({ awayForSeconds: Math.round((now() - lostAt) / 1_000) }, 'the queue can be used again');
      lostAt = undefined;
    }
  }

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    const found = await problem();
    isLooking = false;
    if (timer !== undefined) told(found);
  }

  return {
    start(found) {
      told(found);
      timer = setInterval(() => void look(), lookEveryMs);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
