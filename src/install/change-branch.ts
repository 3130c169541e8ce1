import { setTimeout as sleep } from 'node:timers/promises';
import { failureOf } from '../domain/common/failure.js';
import { isConflict, isNoChanges, isNotFound } from '../lakefs/errors.js';
import type { LakefsClient } from '../lakefs/types.js';
import { actionPath } from './action-file.js';
import type { Decide } from './decide.js';
import { reasonOf } from './reason-of.js';
import { commitByTemporaryBranch } from './temporary-branch.js';

export interface BranchResult {
  readonly branch: string;
  readonly outcome: 'installed' | 'updated' | 'removed' | 'current' | 'absent' | 'refused' | 'failed';
  /** The commit on the branch that made the change. */
  readonly commit?: string;
  /** Why it was refused or failed, and what to do. */
  readonly reason?: string;
  /** Something that a person should clean up. */
  readonly warning?: string;
}

export interface BranchChange {
  readonly lakefs: LakefsClient;
  readonly repository: string;
  readonly branch: string;
  readonly decide: Decide;
  /** Metadata of the commits that are made. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal;
}

const attempts = 5;

/**
 * Brings one branch's action file to what `decide` wants. Reads the head anew before each try, so that a try
 * whose answer was lost, or that another committer overtook, comes out right. Never throws for what lakeFS
 * answers: that is the result's `reason`; throws the signal's reason where it was aborted.
 */
export async function changeBranch(change: BranchChange): Promise<BranchResult> {
  const { lakefs, repository, branch, decide, metadata, signal } = change;
  let tried: BranchResult['outcome'] | undefined;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      const head = (await lakefs.getBranch(repository, branch)).commit_id;
      const step = decide(await contentAt(lakefs, repository, head));
      if (step.kind === 'refuse') return { branch, outcome: 'refused', reason: step.reason };
      if (step.kind === 'nothing') {
        return tried === undefined
          ? { branch, outcome: step.outcome }
          : { branch, outcome: tried, commit: head };
      }
      tried = step.outcome;
      const { commit, leftover } = await commitByTemporaryBranch(
        lakefs,
        { repository, branch, head, metadata, ...step },
        signal,
      );
      return { branch, outcome: step.outcome, commit, ...(leftover !== undefined && { warning: leftover }) };
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt === attempts || !mayPass(error))
        return { branch, outcome: 'failed', reason: await reasonOf(error, change) };
    }
    await sleep(25 * 2 ** attempt * (0.5 + Math.random()), undefined, signal && { signal });
  }
}

async function contentAt(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
): Promise<string | undefined> {
  try {
    return (await lakefs.readObject(repository, commit, actionPath)).toString('utf8');
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** True where another committer was faster, or lakeFS's trouble may pass. */
function mayPass(error: unknown): boolean {
  return isConflict(error) || isNoChanges(error) || failureOf(error)?.kind === 'transient';
}
