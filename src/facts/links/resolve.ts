import type { Installations } from '../../config/installations.js';
import { isBranchName, parseRefName, type RefName } from '../../domain/references/lakefs-names.js';
import { looksLikeCommit, type Reference } from '../../domain/references/reference.js';
import { isNotFound, LakefsError } from '../../lakefs/errors.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import type { LakefsFacts } from '../commits/lakefs-facts.js';
import type { InstallationAccess } from './access.js';

/** One installation as the resolver sees it. */
export interface KnownInstallation extends InstallationAccess {
  readonly facts: LakefsFacts;
}

export type Verdict =
  | { readonly kind: 'commit'; readonly installation: string; readonly commit: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Beside the verdicts: names that move. What else the run says may pin them. */
export type Resolution =
  | Verdict
  /** A tag of lakeFS, or a parent of its commit. */
  | { readonly kind: 'tag'; readonly installation: string; readonly commit: string }
  | { readonly kind: 'branch'; readonly installation: string; readonly name: RefName };

/**
 * Finds out which commit a reference names. An address is a lakeFS reference only if the repository is one of ours
 * and the ref is there: a plain bucket is never claimed.
 *
 * @param experiment the name of the run's experiment
 * @param asOf Unix ms: where a tag leads is not answered from an older read
 * @throws what the lakeFS client throws where the answer is not known: unknown is not false
 */
export async function resolveReference(
  reference: Reference,
  experiment: string,
  installations: Installations<KnownInstallation>,
  asOf: number,
): Promise<Resolution> {
  const { address, host } = reference;
  const candidates = installations.matching({ repository: address.repository, experiment, host });
  if (candidates.all.length === 0) {
    return none(
      host === undefined
        ? `"${address.repository}" is not a repository that is watched for this experiment`
        : `${host} is not one of our lakeFS servers`,
    );
  }
  const resolutions = await Promise.all(
    candidates.all.map((candidate) => resolveIn(reference, candidate, asOf)),
  );
  const [first, ...others] = resolutions.filter(({ kind }) => kind !== 'none');
  if (first === undefined) return none([...new Set(resolutions.flatMap(reasonOf))].join('; '));
  // A commit's id is made of what it holds: where two lakeFS servers have it, they have the same.
  if (others.length === 0 || first.kind === 'commit') return first;
  return none(
    `${candidates.names.join(', ')} each have a "${address.ref}" in a repository "${address.repository}": give them disjoint EXPERIMENTS`,
  );
}

function reasonOf(resolution: Resolution): readonly string[] {
  return resolution.kind === 'none' ? [resolution.reason] : [];
}

/** Costs at most three requests that are not remembered: the repository, then the name as a branch and as a tag. */
async function resolveIn(
  reference: Reference,
  { settings, facts }: KnownInstallation,
  asOf: number,
): Promise<Resolution> {
  const { repository, ref } = reference.address;
  if ((await facts.repository(repository)) === undefined) {
    return none(`lakeFS ${settings.lakefs.endpoint} has no repository "${repository}"`);
  }
  const name = parseRefName(ref);
  if (name === undefined) return none(`"${ref}" cannot be a lakeFS ref`);
  const base = await resolveBase(repository, name.base, facts, asOf);
  if (base.kind === 'none') return base;
  if (base.kind === 'branch') return { kind: 'branch', installation: settings.name, name };
  if (name.suffix !== '')
    return none(`"${ref}" is not a lakeFS ref: ${name.suffix} works with branches only`);
  const commit = await facts.graph.ancestor(repository, base.commit, name.steps);
  if (commit === undefined) return none(`"${ref}" leads past the first commit of "${repository}"`);
  return { kind: base.kind, installation: settings.name, commit };
}

type Base =
  | { readonly kind: 'commit' | 'tag'; readonly commit: string }
  | { readonly kind: 'branch' }
  | { readonly kind: 'none'; readonly reason: string };

/** In lakeFS's order: a full commit id, a branch, a tag, the beginning of an id. Ids in upper case lead nowhere. */
async function resolveBase(
  repository: string,
  base: string,
  facts: LakefsFacts,
  asOf: number,
): Promise<Base> {
  if (looksLikeCommit(base)) {
    // One request finds whatever is called so; a name of another kind leads to a commit of another id.
    const commit = await facts.commit(repository, base);
    if (commit === undefined)
      return { kind: 'none', reason: `repository "${repository}" has no commit ${base}` };
    // A branch that is named like the beginning of its head's id is a branch all the same.
    const isId = commit.id.startsWith(base);
    if (commit.id === base || (isId && !(await facts.branches(repository)).includes(base))) {
      return { kind: 'commit', commit: commit.id };
    }
  }
  if (isBranchName(base) && (await facts.refs.branch(repository, base)) !== undefined)
    return { kind: 'branch' };
  const tagged = await facts.refs.tag(repository, base, asOf);
  if (tagged !== undefined) return { kind: 'tag', commit: tagged };
  const what = /^[0-9a-f]{1,6}$/.test(base) ? ' (of a commit id, seven digits at least)' : '';
  return { kind: 'none', reason: `repository "${repository}" has neither branch nor tag "${base}"${what}` };
}

/** A ref that a person names, and what it leads to now. */
export interface FoundRef {
  readonly refKind: 'branch' | 'tag' | 'commit' | 'expression';
  readonly commit: LakefsCommit;
}

/**
 * What a ref leads to now, in lakeFS's own order as above; expressions and short beginnings of ids too. Costs one to
 * three requests.
 *
 * @returns undefined where there is no such ref, or lakeFS cannot read it
 * @throws what the lakeFS client throws for all else
 */
export async function findRef(
  { lakefs, facts }: KnownInstallation,
  repository: string,
  ref: string,
): Promise<FoundRef | undefined> {
  const commit = ref === '.' || ref === '..' ? undefined : await commitAt(lakefs, repository, ref);
  if (commit === undefined) return undefined;
  const kind = async (): Promise<FoundRef['refKind']> => {
    if (ref === commit.id) return 'commit';
    if (isBranchName(ref) && (await facts.refs.branch(repository, ref)) !== undefined) return 'branch';
    if (!/[~^@]/.test(ref) && (await facts.refs.tag(repository, ref)) !== undefined) return 'tag';
    return commit.id.startsWith(ref) ? 'commit' : 'expression';
  };
  return { refKind: await kind(), commit };
}

/** lakeFS answers 500 where it cannot read an expression (`main~x`), and its log 400 for the same. */
async function commitAt(
  lakefs: LakefsClient,
  repository: string,
  ref: string,
): Promise<LakefsCommit | undefined> {
  try {
    return await lakefs.getCommit(repository, ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (!(error instanceof LakefsError) || (error.status !== 400 && error.status !== 500)) throw error;
    if (await isRefused(lakefs, repository, ref)) return undefined;
    throw error;
  }
}

async function isRefused(lakefs: LakefsClient, repository: string, ref: string): Promise<boolean> {
  try {
    for await (const _commit of lakefs.log(repository, ref, { limit: 1 })) return false;
    return false;
  } catch (error) {
    return error instanceof LakefsError && (error.status === 400 || error.status === 404);
  }
}

function none(reason: string): { readonly kind: 'none'; readonly reason: string } {
  return { kind: 'none', reason };
}
