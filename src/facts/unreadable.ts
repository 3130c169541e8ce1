import type { Failure } from '../domain/failure.js';
import { HttpError } from '../http/error.js';

/** How long work waits for somebody to mend the keys, in ms. */
const waitMs = 60_000;

/** lakeFS refuses our keys. Unknown is not false: the work waits until it can read, and no tag is removed. */
export class LakefsUnreadableError extends Error {
  override readonly name = 'LakefsUnreadableError';
  readonly failure: Failure = { kind: 'unavailable', retryAfterMs: waitMs };

  constructor(endpoint: string, cause: unknown) {
    const said = cause instanceof Error ? cause.message : `${endpoint} refuses our keys`;
    super(`${said} (the work waits until it can read)`, { cause });
  }
}

/** Reads from lakeFS. Wrong or missing keys are a matter of the settings: the work waits, it is not at fault. */
export async function readable<T>(endpoint: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const refused = error instanceof HttpError && (error.status === 401 || error.status === 403);
    throw refused ? new LakefsUnreadableError(endpoint, error) : error;
  }
}
