/** A ref of lakeFS as it is written: a name, and where to go from there. */
export interface RefName {
  /** A commit id or the beginning of one, a branch or a tag. */
  readonly base: string;
  /** `~2^3` is first parent, first parent, third parent: 1, 1, 3. */
  readonly steps: readonly number[];
  /** `@`: the branch as it is committed. `$`: only what is staged on it. */
  readonly suffix: '' | '@' | '$';
}

/** UTF-16 units: longer than any that is written by hand. */
const maxText = 10_000;

/** More steps than anybody writes by hand. */
const maxSteps = 10_000;

/** lakeFS takes a name up to the first of these for the base, also where a tag has one of them in its name. */
const signs = /[~^@$]/;

/**
 * Reads a ref as lakeFS does (pkg/graveler/ref/parse_ref.go); undefined for what it would refuse. lakeFS answers 500 to
 * such a ref, and takes `main~-1` for `main`, so it is not asked.
 */
export function parseRefName(text: string): RefName | undefined {
  if (text.length > maxText) return undefined;
  const at = text.search(signs);
  const base = at < 0 ? text : text.slice(0, at);
  const rest = at < 0 ? '' : text.slice(at);
  if (!isTagName(base)) return undefined;
  if (rest === '@' || rest === '$') return { base, steps: [], suffix: rest };
  const steps = parseSteps(rest);
  return steps === undefined ? undefined : { base, steps, suffix: '' };
}

function parseSteps(text: string): readonly number[] | undefined {
  if (!/^(?:[~^]\d{0,5})*$/.test(text)) return undefined;
  const steps: number[] = [];
  for (const [, sign, digits = ''] of text.matchAll(/([~^])(\d*)/g)) {
    const count = digits === '' ? 1 : Number(digits);
    if (sign === '^' && count > 0) steps.push(count);
    if (sign === '~') for (let step = 0; step < count && steps.length <= maxSteps; step += 1) steps.push(1);
  }
  return steps.length > maxSteps ? undefined : steps;
}

/** lakeFS's rule for the name of a branch, as the source of a regular expression. It sets no length. */
export const branchNamePattern = '^[A-Za-z0-9_][-A-Za-z0-9_]*$';

const branchName = new RegExp(branchNamePattern);

/** lakeFS answers 400 when it is asked for a branch of another form. */
export function isBranchName(name: string): boolean {
  return branchName.test(name);
}

/** As lakeFS has it for tags, which is wider than for branches and commit ids; without the signs of a ref. */
export function isTagName(name: string): boolean {
  return /^[^\s\p{Cc}\p{Cs}~^@$:?*[\\/]{1,500}$/u.test(name) && !/\.\.|\.$|\.lock$/.test(name);
}

/** lakeFS's rule for the name of a repository, as the source of a regular expression. */
export const repositoryNamePattern = '^[a-z0-9][a-z0-9-]{2,62}$';

const repositoryName = new RegExp(repositoryNamePattern);

/** True where lakeFS could have a repository of this name. */
export function isRepositoryName(name: string): boolean {
  return repositoryName.test(name);
}

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
