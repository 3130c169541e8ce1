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
  /** Metadata of the commits. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal;
}

const attempts = 5;

/**
 * Changes one branch's action file as `decide` says. Reads the head again before each attempt, so that the result is
 * right even if an answer was lost or another committer was faster. Never throws for lakeFS's answers, which are the
 * result's `reason`; throws the signal's reason if it was aborted.
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

/** True if another committer was faster, or lakeFS's problem may be temporary. */
function mayPass(error: unknown): boolean {
  return isConflict(error) || isNoChanges(error) || failureOf(error)?.kind === 'transient';
}

export interface BranchesChange extends Omit<BranchChange, 'branch'> {
  readonly branches: readonly string[];
  /** Branches at a time; each takes about six requests. */
  readonly concurrency?: number;
  /** Called after each branch. */
  readonly onResult?: (result: BranchResult, done: number) => void;
}

/**
 * Changes many branches. The results are in the order of `branches`. If the signal is aborted, no further branch is
 * started, and only finished branches have results.
 */
export async function changeBranches(change: BranchesChange): Promise<BranchResult[]> {
  const { branches, concurrency = 4, onResult, ...rest } = change;
  const results: (BranchResult | undefined)[] = branches.map(() => undefined);
  const todo = branches.entries();
  let done = 0;
  async function lane(): Promise<void> {
    for (const [index, branch] of todo) {
      if (rest.signal?.aborted) return;
      try {
        const result = await changeBranch({ ...rest, branch });
        results[index] = result;
        onResult?.(result, ++done);
      } catch (error) {
        if (!rest.signal?.aborted) throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, branches.length) }, lane));
  return results.filter((result) => result !== undefined);
}
