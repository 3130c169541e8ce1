import type { RunView } from '../../contract/run.js';
import { isOurKey, repositoryKeyLike } from '../../contract/tags.js';
import { isRefName, shownValue } from './address.js';
import { asCommitId, isFullCommit, isRepositoryName, looksLikeCommit } from './lakefs-names.js';
import { type KeyRole, type ReferenceRules, roleOf } from './reference-rules.js';
import type { NoReference, Reference, UnplacedCommit } from './reference-types.js';

/** One tag or param whose key says what its value is. */
export interface Named {
  readonly where: 'tag' | 'param';
  readonly key: string;
  readonly role: KeyRole;
  readonly value: string;
  /** A tag of the guide that still has the value that we gave it. */
  readonly ours: boolean;
}

/** What `collectNamed` adds to. */
export interface NamedParts {
  readonly found: Reference[];
  readonly none: NoReference[];
  readonly unplaced: UnplacedCommit[];
}

/** Adds the commits and lakeFS tags that a run names by key. */
export function collectNamed(named: readonly Named[], { found, none, unplaced }: NamedParts): void {
  for (const one of named) {
    if (one.role === 'repo' || isLabel(one)) continue;
    const reference = referenceTo(one, named);
    if ('commit' in reference) unplaced.push(reference);
    else if ('reason' in reference) none.push(reference);
    else found.push(reference);
  }
}

/** A name that leads elsewhere once the branch moves, and says no path: `branchLabels` has when it counts. */
function isLabel({ role, value }: Named): boolean {
  return role === 'branch' || (role === 'ref' && !looksLikeCommit(value));
}

/**
 * The branches that a run names by key. Such a label names no path and goes with every run of the guide: it counts
 * only where nothing else that the run says is about that repository. What stands in a commit's key and is no whole
 * id may be a git commit: where lakeFS has none of these, the branch counts as well (`fallbacks`).
 */
export function branchLabels(
  named: readonly Named[],
  found: readonly Reference[],
  none: NoReference[],
): { readonly certain: readonly Reference[]; readonly fallbacks: readonly Reference[] } {
  const certain: Reference[] = [];
  const fallbacks: Reference[] = [];
  for (const one of named.filter(isLabel)) {
    const label = referenceTo(one, named);
    if ('commit' in label) continue;
    if ('reason' in label) {
      if (found.length === 0) none.push(label);
      continue;
    }
    const others = found.filter(({ address }) => address.repository === label.address.repository);
    if (others.length === 0) certain.push(label);
    else if (others.every(mayBeGitCommit)) fallbacks.push(label);
  }
  return { certain, fallbacks };
}

function mayBeGitCommit({ where, address }: Reference): boolean {
  return (
    where !== 'input' && address.path === '' && looksLikeCommit(address.ref) && !isFullCommit(address.ref)
  );
}

/**
 * Where a commit has no key that says whose it is, the addresses that the run names may: the answer has them. A short
 * id, which several repositories may have, needs such a hint; without one it is named in `none`.
 */
export function placeByAddresses(
  unplaced: readonly UnplacedCommit[],
  found: readonly Reference[],
  none: NoReference[],
): readonly UnplacedCommit[] {
  const named = found.map(({ address }) => address.repository);
  return unplaced.flatMap((one): readonly UnplacedCommit[] => {
    const repositories = [...new Set([...one.repositories, ...named])].slice(0, maxRepositories);
    if (repositories.length > 0 || isFullCommit(one.commit)) return [{ ...one, repositories }];
    const { where, name, text } = one;
    none.push({ where, name, text, reason: missingRepository(where, name, 'commit') });
    return [];
  });
}

/** More repositories than one run reads of. */
const maxRepositories = 20;

/** So many keys are read by a pattern; a run may have 2,000 tags. */
const maxNamed = 100;

/** What a run names by key, without what we wrote. Where the value is an address, that says it all. */
export function namedBy(run: RunView, rules: ReferenceRules): readonly Named[] {
  const named: Named[] = [];
  for (const [key, role] of rules.keys) {
    const tag = run.tags.get(key);
    if (tag !== undefined) {
      const ours = run.tags.isOurGuideTag(key);
      if (!ours || role === 'repo') named.push({ where: 'tag', key, role, value: tag.trim(), ours });
    }
    const param = run.params.get(key);
    if (param !== undefined) named.push({ where: 'param', key, role, value: param.trim(), ours: false });
  }
  named.push(...namedByPattern(run.tags, 'tag', rules), ...namedByPattern(run.params, 'param', rules));
  return named.flatMap((one): readonly Named[] => {
    if (!isAddressValue(one.value)) return [{ ...one, value: asCommitId(one.value) }];
    const repository = one.role === 'repo' ? repositoryIn(one.value) : undefined;
    return repository === undefined ? [] : [{ ...one, value: repository }];
  });
}

function namedByPattern(
  values: ReadonlyMap<string, string>,
  where: Named['where'],
  rules: ReferenceRules,
): readonly Named[] {
  const named: Named[] = [];
  if (rules.keyPatterns.length === 0) return named;
  for (const [key, value] of values) {
    if (named.length >= maxNamed) break;
    if (rules.keys.has(key) || isOurKey(key)) continue;
    const role = roleOf(key, rules);
    if (role !== undefined) named.push({ where, key, role, value: value.trim(), ours: false });
  }
  return named;
}

/** True where the value of a key is read as an address, whatever the key says. */
export function isAddressValue(value: string): boolean {
  return value.includes(':/');
}

/** `lakefs://repository`, with whatever behind it. */
function repositoryIn(value: string): string | undefined {
  const name = /^(?:lakefs|s3[an]?):\/\/([a-z0-9-]{3,63})(?![^/@])/.exec(value)?.[1];
  return name !== undefined && isRepositoryName(name) ? name : undefined;
}

function referenceTo(one: Named, named: readonly Named[]): Reference | NoReference | UnplacedCommit {
  const { where, key, role, value } = one;
  const at = { where, name: key, text: shownValue(value) };
  const repository = repositoryOf(one, named);
  if (role === 'commit' && !looksLikeCommit(value)) return { ...at, reason: 'the value is not a commit id' };
  if (repository === undefined) {
    if (!looksLikeCommit(value) || (role !== 'commit' && role !== 'ref'))
      return { ...at, reason: missingRepository(where, key, role) };
    const repositories = named.filter(isRepository).map((other) => other.value);
    return { ...at, commit: value, repositories: [...new Set(repositories)] };
  }
  if (!isRefName(value)) return { ...at, reason: `the value cannot be the name of a ${role}` };
  if (!isRepositoryName(repository)) {
    return { ...at, reason: `"${shownValue(repository)}" cannot be the name of a repository` };
  }
  const address = { repository, ref: value, path: '' };
  return { ...at, context: undefined, address, host: undefined, dataset: undefined };
}

function missingRepository(where: string, key: string, role: KeyRole): string {
  return `the ${where} ${repositoryKeyLike(key)}, which would say whose ${role} it is, is missing`;
}

function isRepository({ role, value, ours }: Named): boolean {
  return role === 'repo' && !ours && isRepositoryName(value);
}

/**
 * The repository that a key goes with: that of the key whose beginning it shares (`lakefs_commit` and `lakefs_repo`),
 * in its own place first; else the only one that is named at all. A `lakefs_repo` of ours says only whose the user's
 * own commit is (it is there because they agree): with the user's branch it would make a statement that nobody made.
 */
function repositoryOf({ where, key, role }: Named, named: readonly Named[]): string | undefined {
  const repositories = named.filter(
    (one) => one.role === 'repo' && one.value !== '' && (!one.ours || role === 'commit'),
  );
  const near = repositories.filter((one) => one.where === where);
  const akin = (one: Named): boolean => key.startsWith(stemOf(one.key));
  const [best] = [...near.filter(akin), ...repositories.filter(akin)].sort(
    (a, b) =>
      Number(b.where === where) - Number(a.where === where) || stemOf(b.key).length - stemOf(a.key).length,
  );
  if (best !== undefined) return best.value;
  const [only, ...others] = new Set(repositories.map(({ value }) => value));
  return others.length === 0 ? only : undefined;
}

/** `lakefs_repo` → `lakefs_`. */
function stemOf(key: string): string {
  const end = Math.max(...['.', '_', '/', '-'].map((sign) => key.lastIndexOf(sign)));
  return key.slice(0, end + 1);
}
