/** Seven digits, as git shows them: folders such as `202601` are common in plain buckets. */
const commitPattern = /^[0-9a-f]{7,64}$/;

/** True for what can be a commit id or the beginning of one. */
export function looksLikeCommit(ref: string): boolean {
  return commitPattern.test(ref);
}

/** True for what can be a whole commit id: nobody else's commit has the same. */
export function isFullCommit(ref: string): boolean {
  return ref.length === 64 && looksLikeCommit(ref);
}
