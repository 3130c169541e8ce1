import { flags, sourceFlag } from '../../contract/flags.js';
import type { Link } from '../../contract/run.js';
import type { EvidenceKind } from '../../contract/words.js';
import {
  contradicting,
  equalBytes,
  inOneRepository,
  isByHand,
  isDeclaration,
  pinning,
  speakingAbout,
} from '../references/declarations.js';
import type { Reference } from '../references/reference.js';
import { linkOf, type ResolvedReference, strength, strongest } from './link-of.js';
import { type IsOwn, ownSources } from './own-source.js';
import { type Answers, type Ask, type Question, questionKey } from './questions.js';
import type { ReadReference } from './readings.js';

/** A reference that names a branch or tag of a repository of ours: by itself it names no commit. */
export interface UnpinnedReference {
  readonly reference: Reference;
  readonly installation: string;
}

export interface LinkDecision<U extends UnpinnedReference = UnpinnedReference> {
  readonly links: readonly Link[];
  /** References by branch or tag of which the run does not say at which commit it read them. */
  readonly unread: readonly U[];
  /** Questions without an answer; while there are any, the rest is not final. */
  readonly open: readonly Question[];
}

/** So many places of a run are checked for data. */
const maxPlaces = 500;

/**
 * Decides which commits a run read, and how we know. A source that names a commit is `exact` where it is the run's own
 * (`ownSources` tells why it may be another's), else `likely`.
 */
export function decideLinks<U extends UnpinnedReference>(
  resolved: readonly ResolvedReference[],
  unpinned: readonly U[],
  answers: Answers,
): LinkDecision<U> {
  const { ask, open } = asking(answers);
  const isOwn = ownSources(
    resolved.map(({ reference }) => reference),
    ask,
  );
  const byHand = resolved.filter(isByHand);
  const addresses = resolved.filter((entry) => !isDeclaration(entry));
  const borneOut = new Set(byHand.filter((entry) => isBorneOut(entry, addresses)));
  const context: Context = { byHand, addresses, borneOut, ask, isOwn };
  const read = unpinned.map((entry) => ({ entry, links: pinnedLinks(entry, byHand, ask) }));
  const links = [
    ...addresses.flatMap((entry) => addressLinks(entry, context)),
    ...read.flatMap((one) => one.links),
  ];
  const declared = declaredLinks(resolved.filter(isDeclaration), links, ask);
  return {
    links: flagEmpty(strongest([...links, ...declared]), ask),
    unread: read.filter((one) => one.links.length === 0).map(({ entry }) => entry),
    open: open(),
  };
}

/** Takes what is known from the answers, and notes the rest. */
function asking(answers: Answers): { readonly ask: Ask; readonly open: () => readonly Question[] } {
  const open = new Map<string, Question>();
  return {
    ask: (question) => {
      const answer = answers.get(questionKey(question));
      if (answer === undefined) open.set(questionKey(question), question);
      return answer;
    },
    open: () => [...open.values()],
  };
}

/** Nobody can have read what the commit does not hold: the address, or the declaration beside it, is wrong. */
function flagEmpty(links: readonly Link[], ask: Ask): readonly Link[] {
  const places = links.filter(({ path }) => path !== '').slice(0, maxPlaces);
  const empty = new Set(
    places.filter(
      ({ installation, repository, commit, path }) =>
        ask({ kind: 'holds', installation, repository, commit, path }) === false,
    ),
  );
  return links.map((link) =>
    empty.has(link) ? { ...link, certain: false, flags: [...link.flags, flags.nothingThere] } : link,
  );
}

/**
 * Adds what branches and tags came to. One without a path says nothing where another link names its commit, with a path
 * and as surely; a tag does unless it is the same tag, because it may be moved.
 */
export function withReadings(
  links: readonly Link[],
  readings: readonly ReadReference[],
  answers: Answers,
): Pick<LinkDecision, 'links' | 'open'> {
  const { ask, open } = asking(answers);
  const isOwn = ownSources(
    readings.map(({ reference }) => reference),
    ask,
  );
  const read = readings.flatMap((entry) => readingLink(entry, isOwn));
  const all = strongest([...links, ...read]);
  const saidBetter = (link: Link): boolean =>
    link.path === '' &&
    all.some(
      (other) =>
        other.path !== '' &&
        sameCommit(other, link) &&
        asStrong(other, link) &&
        (link.kind !== 'resolved' || other.ref === link.ref),
    );
  const isRead = new Set(read);
  return { links: all.filter((link) => !isRead.has(link) || !saidBetter(link)), open: open() };
}

/** The link of a branch or tag: the name in the source may be the one that another run gave. */
function readingLink(
  { reference, installation, reading, settled }: ReadReference,
  isOwn: IsOwn,
): readonly Link[] {
  if (reading.kind === 'none') return [];
  const entry = { reference, installation, commit: reading.commit };
  if (settled || reading.kind === 'ambiguous') return [linkOf(entry, reading.kind, reading.flags)];
  const others = reading.flags.filter((flag) => flag !== flags.sharedSource);
  const shared = isOwn(entry) ? [] : [flags.sharedSource];
  return [linkOf(entry, reading.kind, [...others, ...shared])];
}

interface Context {
  /** What tags, params and parents name. */
  readonly byHand: readonly ResolvedReference[];
  /** What is named by an address: dataset inputs, and what is written by hand with a path. */
  readonly addresses: readonly ResolvedReference[];
  /** Of what is written by hand, that whose commit another address names as well. */
  readonly borneOut: ReadonlySet<ResolvedReference>;
  readonly ask: Ask;
  readonly isOwn: IsOwn;
}

/** The links of one address that names a commit. */
function addressLinks(entry: ResolvedReference, context: Context): readonly Link[] {
  const { byHand, borneOut, ask } = context;
  const { commit } = entry;
  const { path } = entry.reference.address;
  const rivals = speakingAbout(entry, byHand);
  if (rivals.some((other) => other.commit === commit)) return [linkOf(entry, 'declared')];
  const equal = rivals.filter((rival) => ask(equalBytes(entry, [commit, rival.commit], path)));
  if (equal.length > 0) {
    // The bytes are the same at both, and the run says itself which one it read.
    const flag = sourceFlag(commit.slice(0, 12));
    return equal.map((rival) => linkOf({ ...entry, commit: rival.commit }, 'declared', [flag]));
  }
  // A declaration that another address bears out says nothing against this one: a run may read two commits.
  const contradicted = rivals.some((rival) => !borneOut.has(rival)) || isDisputed(entry, context);
  return [linkOf(entry, contradicted ? 'conflict' : addressEvidence(entry, context.isOwn))];
}

/** True where another address names the commit too: a dataset's, for what is an address itself. */
function isBorneOut(entry: ResolvedReference, addresses: readonly ResolvedReference[]): boolean {
  return addresses.some(
    (other) =>
      (isDeclaration(entry) || !isByHand(other)) &&
      inOneRepository(other, entry) &&
      other.commit === entry.commit,
  );
}

/** True for an address by hand where a dataset of that very data names another commit with other bytes. */
function isDisputed(entry: ResolvedReference, { byHand, addresses, borneOut, ask }: Context): boolean {
  if (!isByHand(entry) || borneOut.has(entry)) return false;
  return addresses.some((input) => {
    if (isByHand(input) || input.commit === entry.commit) return false;
    const rivals = speakingAbout(input, byHand);
    if (!rivals.includes(entry) || rivals.some(({ commit }) => commit === input.commit)) return false;
    const equal = ask(equalBytes(input, [input.commit, entry.commit], input.reference.address.path));
    return equal === false;
  });
}

/** An address with a branch or tag, in a repository whose commit the run declares, is read at that commit. */
function pinnedLinks(
  { reference, installation }: UnpinnedReference,
  byHand: readonly ResolvedReference[],
  ask: Ask,
): readonly Link[] {
  const { repository, ref, path } = reference.address;
  const pins = pinning({ reference, installation }, byHand);
  const holding = pins.filter(({ commit }) => ask({ kind: 'holds', installation, repository, commit, path }));
  const against = contradicting(holding, path, ask);
  return holding.map(({ commit }) =>
    linkOf({ reference, installation, commit }, against.has(commit) ? 'conflict' : 'declared', [
      sourceFlag(ref),
    ]),
  );
}

/** Commits that are declared without a path, where no link with a path names them. */
function declaredLinks(
  declared: readonly ResolvedReference[],
  links: readonly Link[],
  ask: Ask,
): readonly Link[] {
  const alone = declared.filter((entry) => !links.some((link) => isAt(link, entry)));
  return alone.map((entry) => {
    const rivals = declared.filter((other) => inOneRepository(other, entry));
    const contradicted =
      links.some((link) => link.kind === 'conflict' && isIn(link, entry)) ||
      contradicting(rivals, '', ask).has(entry.commit);
    return linkOf(entry, contradicted ? 'conflict' : 'declared');
  });
}

function addressEvidence(entry: ResolvedReference, isOwn: IsOwn): EvidenceKind {
  if (isByHand(entry)) return 'declared';
  return isOwn(entry) ? 'exact' : 'likely';
}

function isIn(link: Link, entry: ResolvedReference): boolean {
  return link.installation === entry.installation && link.repository === entry.reference.address.repository;
}

function isAt(link: Link, entry: ResolvedReference): boolean {
  return isIn(link, entry) && link.commit === entry.commit;
}

function sameCommit(a: Link, b: Link): boolean {
  return a.installation === b.installation && a.repository === b.repository && a.commit === b.commit;
}

function asStrong(a: Link, b: Link): boolean {
  return strength(a) <= strength(b);
}
