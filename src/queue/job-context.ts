import type { Job } from 'bullmq';
import { storable } from '../domain/common/text.js';
import type { QueueLog } from './log.js';
import type { JobContext } from './types.js';

/** UTF-16 units. */
const longestLine = 2_000;

export function createJobContext(job: Job, signal: AbortSignal, log: QueueLog): JobContext {
  let last: Promise<void> = Promise.resolve();

  /**
   * The story is for people: a line that cannot be stored must not fail the work that it tells of. One after another:
   * on PostgreSQL two at the same moment get the same number, and one of them is lost.
   */
  function tell(write: () => Promise<unknown>): Promise<void> {
    last = last.then(write).then(
      () => undefined,
      (error: unknown) =>
        log.debug({ job: job.id, error: String(error) }, 'a line of a job could not be stored'),
    );
    return last;
  }
  return {
    id: job.id ?? '',
    attempt: job.attemptsMade + 1,
    signal,
    log: (line) => tell(() => job.log(storable(line, longestLine))),
    progress: (percent) => tell(() => job.updateProgress(Math.min(100, Math.max(0, Math.round(percent))))),
  };
}
