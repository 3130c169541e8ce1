import type { Failure } from '../../domain/common/failure.js';
import { isInvalidName, isNotFound } from '../../lakefs/errors.js';

/** A plain 404 is an answer, and so is that no branch or tag can be called so; everything else that is not one proves nothing, and is thrown. */
export async function orAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error) || isInvalidName(error)) return undefined;
    throw error;
  }
}

/**
 * lakeFS answers 404 for what it has just named. A cherry-pick hides a commit with metadata for some minutes, and a
 * repository may be deleted meanwhile: neither says anything about the commit.
 */
export class LakefsInconsistentError extends Error {
  override readonly name = 'LakefsInconsistentError';
  readonly failure: Failure = { kind: 'transient' };
}

/** Reads what lakeFS has just named. A 404 is thrown as what passes. */
export async function orInconsistent<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new LakefsInconsistentError(`lakeFS names ${what} but answers 404 for it, which is temporary`, {
      cause: error,
    });
  }
}
