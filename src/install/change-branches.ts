import { type BranchChange, type BranchResult, changeBranch } from './change-branch.js';

export interface BranchesChange extends Omit<BranchChange, 'branch'> {
  readonly branches: readonly string[];
  /** Branches at one time; each takes about six requests. */
  readonly concurrency?: number;
  /** Called after each branch. */
  readonly onResult?: (result: BranchResult, done: number) => void;
}

/**
 * Changes many branches. The results are in the order of `branches`; where the signal is aborted no further
 * branch is begun, and the results hold those that were finished.
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
