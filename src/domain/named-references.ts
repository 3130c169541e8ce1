import { isRefName } from './address.js';
import { looksLikeCommit } from './commit-id.js';
import { ourGuideTags } from './our-tags.js';
import type { KeyRole, ReferenceRules } from './reference-rules.js';
import { shownValue } from './reference-text.js';
import type { NoReference, Reference } from './reference-types.js';
import { isRepositoryName } from './repository-name.js';
import type { RunView } from './run.js';

/** One tag or param whose key says what its value is. */
export interface Named {
  readonly where: 'tag' | 'param';
  readonly key: string;
  readonly role: KeyRole;
  readonly value: string;
  /** A tag of the guide that still has the value that we gave it. */
  readonly ours: boolean;
}

/** Adds the commits and lakeFS tags that a run names by key, beside the key of their repository. */
export function collectNamed(named: readonly Named[], found: Reference[], none: NoReference[]): void {
  for (const one of named) {
    if (one.role !== 'commit' && one.role !== 'tag') continue;
    const reference = referenceTo(one, named);
    if ('reason' in reference) none.push(reference);
    else found.push(reference);
  }
}

/**
 * The branches that a run names by key. Such a label names no path and goes with every run of the guide: it counts
 * only where nothing else that the run says is about that repository.
 */
export function branchLabels(
  named: readonly Named[],
  found: readonly Reference[],
  none: NoReference[],
): readonly Reference[] {
  const labels: Reference[] = [];
  for (const one of named) {
    if (one.role !== 'branch') continue;
    const label = referenceTo(one, named);
    if ('reason' in label) {
      if (found.length === 0) none.push(label);
    } else if (!found.some(({ address }) => address.repository === label.address.repository)) {
      labels.push(label);
    }
  }
  return labels;
}

/** What a run names by key, without what we wrote. */
export function namedBy(run: RunView, { keys }: ReferenceRules): readonly Named[] {
  const named: Named[] = [];
  let isOurs: ((key: string) => boolean) | undefined;
  for (const [key, role] of keys) {
    const tag = run.tags.get(key);
    if (tag !== undefined) {
      isOurs ??= ourGuideTags(run.tags);
      const ours = isOurs(key);
      if (!ours || role === 'repo') named.push({ where: 'tag', key, role, value: tag.trim(), ours });
    }
    const param = run.params.get(key);
    if (param !== undefined) named.push({ where: 'param', key, role, value: param.trim(), ours: false });
  }
  return named;
}

function referenceTo(one: Named, named: readonly Named[]): Reference | NoReference {
  const { where, key, role, value } = one;
  const at = { where, name: key, text: shownValue(value) };
  const repository = repositoryOf(one, named);
  if (repository === undefined) {
    const reason = `the ${where} ${repositoryKey(key)}, which would say whose ${role} it is, is missing`;
    return { ...at, reason };
  }
  if (role === 'commit' && !looksLikeCommit(value)) return { ...at, reason: 'the value is not a commit id' };
  if (!isRefName(value)) return { ...at, reason: `the value cannot be the name of a ${role}` };
  if (!isRepositoryName(repository)) {
    return { ...at, reason: `"${shownValue(repository)}" cannot be the name of a repository` };
  }
  const address = { repository, ref: value, path: '' };
  return { ...at, context: undefined, address, host: undefined, dataset: undefined };
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

function repositoryKey(key: string): string {
  return key.startsWith('lakefs.') ? 'lakefs.repo' : 'lakefs_repo';
}
