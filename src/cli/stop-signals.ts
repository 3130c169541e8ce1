import type { RunningService } from '../main.js';
import type { Log } from '../telemetry/log.js';

const signals = ['SIGTERM', 'SIGINT'] as const;

/** A Ctrl-C reaches us twice where npm started us: from the terminal and from npm. */
const repeatMs = 2_000;
/** Beyond the deadline of jobs: what closing connections and the queue may take. */
const closingMs = 10_000;

/**
 * Waits for SIGTERM or SIGINT and closes the service. A second signal, a moment later, ends the process at once:
 * its jobs count as stalled and another process takes them up a minute later. The same happens where closing hangs.
 */
export function waitForStop(
  service: Pick<RunningService, 'close'>,
  deadlineMs: number,
  log: Log,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let firstAt: number | undefined;
    let limit: NodeJS.Timeout | undefined;

    function onSignal(signal: NodeJS.Signals): void {
      if (firstAt === undefined) {
        firstAt = Date.now();
        log.info(
          { signal, deadlineMs },
          'stopping: running jobs may finish, send the signal again to force it',
        );
        limit = setTimeout(() => force('closing took too long'), deadlineMs + closingMs).unref();
        service.close().then(done, reject);
      } else if (Date.now() - firstAt > repeatMs) force('a second signal came');
    }

    function done(): void {
      for (const signal of signals) process.removeListener(signal, onSignal);
      clearTimeout(limit);
      log.info({}, 'stopped');
      // A job that was handed back may still wait for an answer, and would keep the process.
      setTimeout(() => process.exit(), 200).unref();
      resolve();
    }

    function force(reason: string): void {
      log.warn({ reason }, 'stopped by force: jobs that were running are taken up again after a minute');
      process.exit(1);
    }

    for (const signal of signals) process.on(signal, onSignal);
  });
}
