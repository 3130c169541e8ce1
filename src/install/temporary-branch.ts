import { randomBytes } from 'node:crypto';
import { isNotFound } from '../lakefs/errors.js';
import type { LakefsClient } from '../lakefs/types.js';
import { actionPath } from './action-file.js';

export interface TemporaryCommit {
  readonly repository: string;
  readonly branch: string;
  /** The commit to start from: its id, not the branch's name, so that no uncommitted changes are included. */
  readonly head: string;
  readonly message: string;
  /** Metadata of both commits, on the temporary branch and the merge, for checks that require it. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Undefined removes the file. */
  readonly content?: string;
}

export interface Committed {
  /** The squash-merge commit on the branch. */
  readonly commit: string;
  /** Set if the temporary branch could not be deleted. */
  readonly leftover?: string;
}

/**
 * Commits one change of the action file to a branch, without touching what is staged there: on a temporary branch,
 * squash-merged. It works on protected branches too, which refuse commits but not merges.
 *
 * Throws `LakefsError`, or the signal's reason if it was aborted before the merge; the temporary branch is
 * always deleted.
 */
export async function commitByTemporaryBranch(
  lakefs: LakefsClient,
  change: TemporaryCommit,
  signal?: AbortSignal,
): Promise<Committed> {
  const { repository, branch, head, message, metadata, content } = change;
  const body = { message, ...(metadata !== undefined && { metadata }) };
  const { answer: commit, leftover } = await onTemporaryBranch(lakefs, { repository, head }, async (name) => {
    signal?.throwIfAborted();
    if (content === undefined) await lakefs.deleteObject(repository, name, actionPath);
    else {
      await lakefs.uploadObject(repository, name, actionPath, content, { contentType: 'application/yaml' });
    }
    await lakefs.commit(repository, name, body);
    signal?.throwIfAborted();
    return lakefs.merge(repository, name, branch, { ...body, squash_merge: true });
  });
  return leftover === undefined ? { commit } : { commit, leftover };
}

/**
 * Works on a hidden branch created from a commit, and always deletes it. Its name starts with `tx-`, like those of
 * lakeFS's own clients, which nobody watches.
 */
export async function onTemporaryBranch<T>(
  lakefs: LakefsClient,
  { repository, head }: { readonly repository: string; readonly head: string },
  work: (name: string) => Promise<T>,
): Promise<{ readonly answer: T; readonly leftover?: string }> {
  const name = `tx-lakefs-mlflow-${randomBytes(8).toString('hex')}`;
  let answer: T;
  try {
    await lakefs.createBranch(repository, { name, source: head, hidden: true });
    answer = await work(name);
  } catch (error) {
    // The first error is the one to report; a failed clean-up is nearly always a consequence.
    await remove(lakefs, repository, name);
    throw error;
  }
  const leftover = await remove(lakefs, repository, name);
  return leftover === undefined ? { answer } : { answer, leftover };
}

/** Returns what went wrong, if the branch still exists. */
async function remove(lakefs: LakefsClient, repository: string, name: string): Promise<string | undefined> {
  try {
    await lakefs.deleteBranch(repository, name);
    return undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    return `the hidden branch ${name} could not be deleted: ${why}. Delete it by hand`;
  }
}
