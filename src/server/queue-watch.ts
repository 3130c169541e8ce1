import type { Queues } from '../queue/types.js';
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

const checkEveryMs = 10_000;

/** Logs when the queue can no longer be used and when it can again, even if nobody asks for readiness. */
export function createQueueWatch({ problem, log, now }: QueueWatchOptions): QueueWatch {
  let lostAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isChecking = false;

  function report(found: string | undefined): void {
    if (found !== undefined && lostAt === undefined) {
      lostAt = now();
      log.warn({ problem: found }, 'the queue cannot be used: events are refused until it can');
    } else if (found === undefined && lostAt !== undefined) {
      log.info({ awayForSeconds: Math.round((now() - lostAt) / 1_000) }, 'the queue can be used again');
      lostAt = undefined;
    }
  }

  async function check(): Promise<void> {
    if (isChecking) return;
    isChecking = true;
    const found = await problem();
    isChecking = false;
    if (timer !== undefined) report(found);
  }

  return {
    start(found) {
      report(found);
      timer = setInterval(() => void check(), checkEveryMs);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** Why the queue cannot be used, for people to read; undefined where it can. Never rejects. */
export async function queueTrouble(queues: Pick<Queues, 'problem'>): Promise<string | undefined> {
  const problem = await queues.problem().catch(() => 'it cannot be reached');
  // The text that it is put behind says so already.
  return problem?.replace(/^the queue is unavailable: /, '');
}

/** What that means for events. */
export const whileQueueFails =
  'Events are refused until it works again; nothing is lost in lakeFS or MLflow.';
