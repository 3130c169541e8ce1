import type { Failure } from '../common/failure.js';

/** The catalog cannot be kept as it should be; the message says what to do. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  readonly failure: Failure;

  constructor(kind: Failure['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = { kind };
  }
}
