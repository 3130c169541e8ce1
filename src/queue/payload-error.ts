import type { Failure } from '../domain/common/failure.js';

/** A payload that does not fit the schema of its job: written by a newer release, by hand, or a bug. */
export class InvalidPayloadError extends Error {
  override readonly name = 'InvalidPayloadError';
  readonly failure: Failure = { kind: 'permanent' };
}
