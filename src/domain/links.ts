import {
  contradicting,
  equalBytes,
  inOneRepository,
  isByHand,
  isDeclaration,
  pinning,
  speakingAbout,
} from './declarations.js';
import { linkOf, type ResolvedReference, strength, strongest } from './link-of.js';
import { type Answers, type Ask, type Question, questionKey } from './questions.js';
import type { ReadReference } from './readings.js';
import type { Reference } from './reference.js';
import type { Link } from './run.js';
import type { EvidenceKind } from './words.js';

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

/** A search for other writers answers with whole runs, so that the cost of asking grows with its square. */
const maxSoleQuestions = 50;

/**
 * Decides which commits a run read, and how we know.
 *
 * MLflow shares one source among all runs of an experiment with equal dataset name and digest (the first writer's),
 * so a source that names a commit proves the class of bytes, not the commit, unless the run declares the commit
 * too, or the digest covers all content, or no other run can have written first.
 */
export function decideLinks<U extends UnpinnedReference>(
  resolved: readonly ResolvedReference[],
  unpinned: readonly U[],
  answers: Answers,
): LinkDecision<U> {
  const open = new Map<string, Question>();
  const ask: Ask = (question) => {
    const answer = answers.get(questionKey(question));
    if (answer === undefined) open.set(questionKey(question), question);
    return answer;
  };
  // One dataset may name many files, which is one question.
  const uncovered = new Set(
    resolved.flatMap(({ reference: { name, dataset } }) =>
      dataset?.coversContent === false ? [JSON.stringify([name, dataset.digest])] : [],
    ),
  );
  const askSole: Ask = uncovered.size > maxSoleQuestions ? () => false : ask;
  const byHand = resolved.filter(isByHand);
  const addresses = resolved.filter((entry) => !isDeclaration(entry));
  const borneOut = new Set(byHand.filter((entry) => isBorneOut(entry, addresses)));
  const context: Context = { byHand, addresses, borneOut, ask, askSole };
  const read = unpinned.map((entry) => ({ entry, links: pinnedLinks(entry, byHand, ask) }));
  const links = [
    ...addresses.flatMap((entry) => addressLinks(entry, context)),
    ...read.flatMap((one) => one.links),
  ];
  const declared = declaredLinks(resolved.filter(isDeclaration), links, ask);
  return {
    links: strongest([...links, ...declared]),
    unread: read.filter((one) => one.links.length === 0).map(({ entry }) => entry),
    open: [...open.values()],
  };
}

/**
 * Adds what branches and tags came to. One without a path says nothing where another link names its commit, with a path
 * and as surely; a tag does unless it is the same tag, because it may be moved.
 */
export function withReadings(links: readonly Link[], readings: readonly ReadReference[]): readonly Link[] {
  const read = readings.flatMap(({ reference, installation, reading }) =>
    reading.kind === 'none'
      ? []
      : [linkOf({ reference, installation, commit: reading.commit }, reading.kind, reading.flags)],
  );
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
  return all.filter((link) => !isRead.has(link) || !saidBetter(link));
}

interface Context {
  /** What tags, params and parents name. */
  readonly byHand: readonly ResolvedReference[];
  /** What is named by an address: dataset inputs, and what is written by hand with a path. */
  readonly addresses: readonly ResolvedReference[];
  /** Of what is written by hand, that whose commit another address names as well. */
  readonly borneOut: ReadonlySet<ResolvedReference>;
  readonly ask: Ask;
  readonly askSole: Ask;
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
    const flag = sourceNames(commit.slice(0, 12));
    return equal.map((rival) => linkOf({ ...entry, commit: rival.commit }, 'declared', [flag]));
  }
  // A declaration that another address bears out says nothing against this one: a run may read two commits.
  const contradicted = rivals.some((rival) => !borneOut.has(rival)) || isDisputed(entry, context);
  return [linkOf(entry, contradicted ? 'conflict' : addressEvidence(entry, context.askSole))];
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
      sourceNames(ref),
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

/** A flag of the contract. */
function sourceNames(what: string): string {
  return `source names ${what}`;
}

function addressEvidence(entry: ResolvedReference, askSole: Ask): EvidenceKind {
  if (isByHand(entry)) return 'declared';
  const { dataset, name } = entry.reference;
  if (dataset === undefined) return 'likely';
  if (dataset.coversContent) return 'exact';
  return askSole({ kind: 'sole', name, digest: dataset.digest }) === false ? 'likely' : 'exact';
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
