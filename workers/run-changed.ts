import type { Failure } from '../src/domain/common/failure.js';

/** Somebody wrote to a run while we decided about it: it is decided anew, which spends no attempt. */
export class RunChangedError extends Error {
  override readonly name = 'RunChangedError';
  readonly failure: Failure = { kind: 'unavailable', retryAfterMs: 1_000 };

  constructor(run: string) {
    super(`somebody changed run ${run} while we looked at it, so nothing was written`);
  }
}
