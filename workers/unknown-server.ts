import type { Failure } from '../src/domain/common/failure.js';

/** A job names an MLflow server that the settings no longer have. Replay it once they have it again. */
export class UnknownServerError extends Error {
  override readonly name = 'UnknownServerError';
  readonly failure: Failure = { kind: 'permanent' };

  constructor(server: string) {
    super(
      `no installation "${server}" is configured, and jobs name MLflow servers by it: add it to the settings`,
    );
  }
}
