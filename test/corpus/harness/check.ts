import { readLinksTag } from '../../../src/contract/links-tag.js';
import type { Link } from '../../../src/contract/run.js';
import { type EvidenceKind, evidenceKinds } from '../../../src/contract/words.js';
import type { Label, LinkLabel } from './vocabulary.js';
import { commitNamed, fillIn, type PlayedRun, repositoryNamed, type World } from './world.js';

/** A link as far as labels speak of it. */
export interface Claim {
  readonly installation: string;
  readonly repository: string;
  readonly commit: string;
  /** Decoded, without slashes at either end. */
  readonly path: string;
  readonly kind: EvidenceKind;
}

/** What is wrong about a run's tags, in words; nothing where all is as the label says. */
export function checkRun(
  tags: ReadonlyMap<string, string>,
  run: PlayedRun,
  label: Label,
  world: World,
): readonly string[] {
  if (run.deleted || label.links.length === 0) return untouched(tags, run);
  const problems: string[] = [];
  const found = readLinksTag(tags).links;
  if (label.cut === undefined) problems.push(...compareLinks(found, label, world));
  const wanted = expectedTags(run, label, world);
  const users = run.userTags;
  for (const [key, value] of wanted) {
    if (tags.get(key) !== value) problems.push(`${key} is ${show(tags.get(key))}, not ${show(value)}`);
  }
  for (const [key, value] of tags) {
    if (!key.startsWith('lakefs') || wanted.has(key) || users.has(key) || key === 'lakefs.links') continue;
    if (label.anyStatus && ['lakefs.status', 'lakefs.because'].includes(key)) continue;
    if (label.free?.includes(key)) continue;
    if (key !== 'lakefs_branch') problems.push(`${key} is ${show(value)} and should not be there`);
  }
  return [...problems, ...usersTags(tags, run)];
}

/** What a tag of a user held stays, always. */
function usersTags(tags: ReadonlyMap<string, string>, { userTags }: PlayedRun): readonly string[] {
  return [...userTags]
    .filter(([key, value]) => tags.get(key) !== value && !isOurs(key))
    .map(([key, value]) => `the user's ${key} was ${show(value)} and is ${show(tags.get(key))}`);
}

/** Tags that only we write: a person who edits one has no claim to it. */
function isOurs(key: string): boolean {
  return ['lakefs.evidence', 'lakefs.status', 'lakefs.because', 'lakefs.links'].includes(key);
}

function untouched(tags: ReadonlyMap<string, string>, run: PlayedRun): readonly string[] {
  const ours = [...tags].filter(([key]) => key.startsWith('lakefs') && !run.userTags.has(key));
  return [
    ...ours.map(([key, value]) => `${key} is ${show(value)} and should not be there`),
    ...usersTags(tags, run),
  ];
}

function compareLinks(found: readonly Link[], label: Label, world: World): readonly string[] {
  const wanted = label.links.map((link) => ({ link, claim: claimOf(link, world) }));
  const problems: string[] = [];
  const missed = new Set(found);
  for (const { link, claim } of wanted) {
    const match = found.find((other) => claimKey(claimIn(other)) === claimKey(claim));
    if (match === undefined) {
      problems.push(`no link ${tell(claim, world)}`);
      continue;
    }
    missed.delete(match);
    if (link.where !== undefined && match.where !== link.where) problems.push(`found in ${match.where}`);
    for (const flag of link.flags ?? []) {
      if (!match.flags.some((one) => one === flag))
        problems.push(`flags are ${JSON.stringify(match.flags)}, without "${flag}"`);
    }
  }
  return [
    ...problems,
    ...[...missed].map((link) => `a link ${tell(claimIn(link), world)} should not be there`),
  ];
}

/** The tags that follow from the labelled links by the design's contract for a consumer's run. */
function expectedTags(run: PlayedRun, label: Label, world: World): ReadonlyMap<string, string> {
  const claims = label.links.map((link) => claimOf(link, world));
  const wanted = new Map<string, string>();
  const weakest = Math.max(...claims.map(({ kind }) => evidenceKinds.indexOf(kind)));
  wanted.set('lakefs.evidence', evidenceKinds[weakest] ?? '');
  const guessed = label.links.filter(isGuess).map((link) => claimKey(claimOf(link, world)));
  const isSure = (claim: Claim): boolean => !guessed.includes(claimKey(claim));
  const sure = commitsOf(claims.filter(isSure));
  const all = commitsOf(claims);
  const only = all.length === 1 && sure.length === 1 ? all[0] : undefined;
  const users = (key: string): string | undefined => run.userTags.get(key);
  const free = (key: string, value: string): boolean => users(key) === undefined || users(key) === value;
  const guide =
    only !== undefined && free('lakefs_repo', only.repository) && free('lakefs_commit', only.commit);
  if (guide && run.terminal) {
    wanted.set('lakefs_repo', only.repository);
    wanted.set('lakefs_commit', only.commit);
  }
  const saidByGuide =
    guide &&
    (run.terminal || (users('lakefs_commit') === only.commit && users('lakefs_repo') === only.repository));
  if (!saidByGuide) {
    for (const { repository, commit } of sure) {
      wanted.set(`lakefs.input.${repository}.${commit.slice(0, 12)}`, commit);
      const count = sure.filter((claim) => claim.repository === repository).length;
      wanted.set(`lakefs.input.${repository}`, String(count));
    }
  }
  for (const claim of claims) {
    const { repository, commit, kind } = claim;
    if (!isSure(claim) && kind !== 'ambiguous')
      wanted.set(`lakefs.maybe.${repository}.${commit.slice(0, 12)}`, commit);
  }
  const status = statusOf(label);
  if (status !== undefined) wanted.set('lakefs.status', status);
  if (label.because !== undefined) wanted.set('lakefs.because', becauseText(label.because, world));
  for (const [key, value] of Object.entries(label.tags ?? {})) {
    if (value === null) wanted.delete(fillIn(key, world));
    else wanted.set(fillIn(key, world), fillIn(value, world));
  }
  return wanted;
}

/** A branch, or a tag that led elsewhere when the run began: it may never have read the commit. */
function isGuess({ kind, flags = [] }: LinkLabel): boolean {
  return kind === 'inferred' || kind === 'ambiguous' || flags.includes('younger than the run');
}

/** The status that a run must have; undefined where it must have none, or where it cannot be told. */
export function statusOf(label: Label): string | undefined {
  if (label.anyStatus === true || label.status === null) return undefined;
  const judged = label.links.some(({ kind }) => kind !== 'ambiguous');
  return label.status ?? (judged ? 'current' : undefined);
}

function becauseText(because: string, world: World): string {
  const [branch = '', name = ''] = because.split('@');
  const { repo, id } = commitNamed(world, name);
  return `${repositoryNamed(world, repo)}/${branch}@${id.slice(0, 12)}`;
}

export function claimOf({ commit, path, kind, installation = 'default' }: LinkLabel, world: World): Claim {
  const { repo, id } = commitNamed(world, commit);
  return {
    installation,
    repository: repositoryNamed(world, repo),
    commit: id,
    path: plain(fillIn(path, world)),
    kind,
  };
}

export function claimIn({ installation, repository, commit, path, kind }: Link): Claim {
  return { installation, repository, commit, path: plain(path), kind };
}

export function claimKey(claim: Claim): string {
  return JSON.stringify(Object.values(claim));
}

function plain(path: string): string {
  const bare = path.replace(/^\/+|\/+$/g, '');
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}

function commitsOf(claims: readonly Claim[]): readonly Claim[] {
  return [...new Map(claims.map((claim) => [`${claim.repository} ${claim.commit}`, claim])).values()];
}

function tell(claim: Claim, world: World): string {
  const name = [...world.commits].find(([, { id }]) => id === claim.commit)?.[0] ?? claim.commit;
  return `to ${name} "${claim.path.slice(0, 80)}" (${claim.kind})`;
}

function show(value: string | undefined): string {
  return value === undefined ? 'absent' : `"${value.slice(0, 120)}"`;
}
