import { matches } from '../common/globs.js';

/**
 * Programs that make, merge and delete a branch for each write: lakeFS's Python SDK and our own installation
 * (`tx-<id>`), delta-rs (`delta-tx-<uuid>`) and lakefs-spec (`transaction-<hex>`).
 */
const machinePatterns = ['tx-*', 'delta-tx-*', 'transaction-*'] as const;

/** True for the name of a short-lived branch that a program made for one write. */
export function isMachineBranch(branch: string): boolean {
  return matches(machinePatterns, branch);
}

/**
 * Whether a setting keeps a branch. A program's branch needs a pattern of its own, that is one with at least one
 * ordinary character: `*` and a list that only excludes do not mean it, `transaction-*` does.
 */
export function isWatchedBranch(globs: readonly string[], branch: string): boolean {
  if (!matches(globs, branch)) return false;
  if (!isMachineBranch(branch)) return true;
  return globs.some((glob) => !glob.startsWith('!') && /[^*?]/.test(glob) && matches([glob], branch));
}
