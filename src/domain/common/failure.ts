/**
 * What a failed call means for the work that made it. Every error class of our own carries one, so that the
 * queue can decide about a retry without knowing HTTP, lakeFS or MLflow.
 *
 * - `permanent`: the same request will never succeed; do not retry.
 * - `transient`: the request may succeed later; a retry spends an attempt.
 * - `unavailable`: the server, not the request, is the problem (down, 429, 503); wait, spend no attempt.
 */
export interface Failure {
  readonly kind: 'permanent' | 'transient' | 'unavailable';
  /** What the server asked us to wait, in ms. */
  readonly retryAfterMs?: number;
  /** True where the server answers other requests while it puts this one off. */
  readonly onlyThis?: true;
}

/** Returns the failure that an error carries, or undefined for an error that is not one of ours (a bug). */
export function failureOf(error: unknown): Failure | undefined {
  if (typeof error !== 'object' || error === null || !('failure' in error)) return undefined;
  const { failure } = error;
  return typeof failure === 'object' && failure !== null && 'kind' in failure
    ? (failure as Failure)
    : undefined;
}
