/** Seven digits, as git shows them: folders such as `202601` are common in plain buckets. */
const commitPattern = /^[0-9a-f]{7,64}$/;

/** True for what can be a commit id or the beginning of one. */
export function looksLikeCommit(ref: string): boolean {
  return commitPattern.test(ref);
}

/**
 * A whole commit id in lower case, as lakeFS knows it, whatever wrote it in capitals; any other text as it is. Less than a
 * whole id stays, too: a branch or tag may be called `DEADBEEF`.
 */
export function asCommitId(text: string): string {
  return /^[0-9A-Fa-f]{64}$/.test(text) ? text.toLowerCase() : text;
}

/** True for what can be a whole commit id: nobody else's commit has the same. */
export function isFullCommit(ref: string): boolean {
  return ref.length === 64 && looksLikeCommit(ref);
}
