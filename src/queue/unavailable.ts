import type { Failure } from '../domain/common/failure.js';

/**
 * The queue could not be asked, or did not answer in time. After a timeout the job may have been stored all
 * the same: adding it again is safe, because jobs are deduplicated by key.
 */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError';
  readonly failure: Failure = { kind: 'unavailable' };

  constructor(reason: string, options?: ErrorOptions) {
    super(`the queue is unavailable: ${reason}`, options);
  }
}
