import { byPlace } from './link-tags.js';
import type { Reference } from './reference.js';
import type { Link } from './run.js';
import { type EvidenceKind, evidenceKinds } from './words.js';

/** A reference that names a commit which is really there. */
export interface ResolvedReference {
  readonly reference: Reference;
  readonly installation: string;
  /** The full id, where the reference holds only its beginning. */
  readonly commit: string;
}

/** A reference that names a branch or tag of a repository of ours: by itself it names no commit. */
export interface UnpinnedReference {
  readonly reference: Reference;
  readonly installation: string;
}

/** What has to be looked up before a link's evidence can be told. */
export type Question =
  /** Are the bytes under the path equal at both commits? */
  | {
      readonly kind: 'equal';
      readonly installation: string;
      readonly repository: string;
      readonly commits: readonly [string, string];
      readonly path: string;
    }
  /** Was this run the only one that can have logged the dataset first? */
  | { readonly kind: 'sole'; readonly name: string; readonly digest: string }
  /** Does the commit hold an object at the path? */
  | {
      readonly kind: 'holds';
      readonly installation: string;
      readonly repository: string;
      readonly commit: string;
      readonly path: string;
    };

/** What was found out, by `questionKey`. */
export type Answers = ReadonlyMap<string, boolean>;

export interface LinkDecision {
  readonly links: readonly Link[];
  /** Questions without an answer; while there are any, `links` is not final. */
  readonly open: readonly Question[];
}

export function questionKey(question: Question): string {
  return JSON.stringify(question);
}

/** A search for other writers answers with whole runs, so that the cost of asking grows with its square. */
const maxSoleQuestions = 50;

type Ask = (question: Question) => boolean | undefined;

/**
 * Decides which commits a run read, and how we know.
 *
 * MLflow shares one source among all runs of an experiment with equal dataset name and digest (the first writer's),
 * so a source that names a commit proves the class of bytes, not the commit, unless the run declares the commit
 * too, or the digest covers all content, or no other run can have written first.
 */
export function decideLinks(
  resolved: readonly ResolvedReference[],
  unpinned: readonly UnpinnedReference[],
  answers: Answers,
): LinkDecision {
  const open: Question[] = [];
  const ask: Ask = (question) => {
    const answer = answers.get(questionKey(question));
    if (answer === undefined) open.push(question);
    return answer;
  };
  // Tags and params are by the run's own hand, or by that of the run that it is nested in.
  const declared = resolved.filter(({ reference }) => reference.where !== 'input');
  const sources = resolved.filter(({ reference }) => reference.where === 'input');
  const uncovered = sources.filter(({ reference }) => reference.dataset?.coversContent === false);
  const askSole: Ask = uncovered.length > maxSoleQuestions ? () => false : ask;
  const links = [
    ...sources.flatMap((entry) => sourceLinks(entry, { declared, sources, ask, askSole })),
    ...unpinned.flatMap((entry) => unpinnedLinks(entry, declared, ask)),
  ];
  for (const entry of declared) {
    const withPath = entry.reference.address.path === '' && links.some((link) => sameCommit(link, entry));
    const contradicted = links.some((link) => link.kind === 'conflict' && sameRepository(link, entry));
    if (!withPath) links.push(linkOf(entry, contradicted ? 'conflict' : 'declared'));
  }
  return { links: strongest(links), open };
}

interface Context {
  readonly declared: readonly ResolvedReference[];
  readonly sources: readonly ResolvedReference[];
  readonly ask: Ask;
  readonly askSole: Ask;
}

function sourceLinks(entry: ResolvedReference, context: Context): readonly Link[] {
  const { declared, sources, ask, askSole } = context;
  const rivals = declared.filter((other) => inOneRepository(other, entry));
  if (rivals.some((other) => other.commit === entry.commit)) return [linkOf(entry, 'declared')];
  const equal = rivals.filter((rival) => ask(equalBytes(entry, rival)));
  if (equal.length > 0) {
    // The bytes are the same at both, and the run says itself which one it read.
    const flag = `source names ${entry.commit.slice(0, 12)}`;
    return equal.map((rival) => ({ ...linkOf(entry, 'declared'), commit: rival.commit, flags: [flag] }));
  }
  // A declaration that another source bears out says nothing against this one: a run may read two commits.
  const contradicted = rivals.some(
    (rival) => !sources.some((other) => inOneRepository(other, rival) && other.commit === rival.commit),
  );
  return [linkOf(entry, contradicted ? 'conflict' : sourceEvidence(entry, askSole))];
}

/** An address with a branch or tag, in a repository whose commit the run declares, is read at that commit. */
function unpinnedLinks(
  { reference, installation }: UnpinnedReference,
  declared: readonly ResolvedReference[],
  ask: Ask,
): readonly Link[] {
  const { repository, ref, path } = reference.address;
  return declared
    .filter((entry) => inOneRepository(entry, { reference, installation }))
    .filter(({ commit }) => ask({ kind: 'holds', installation, repository, commit, path }))
    .map(({ commit }) => ({
      ...linkOf({ reference, installation, commit }, 'declared'),
      flags: [`source names ${ref}`],
    }));
}

function equalBytes(entry: ResolvedReference, rival: ResolvedReference): Question {
  const { repository, path } = entry.reference.address;
  const { installation } = entry;
  return { kind: 'equal', installation, repository, commits: [entry.commit, rival.commit], path };
}

function sourceEvidence({ reference }: ResolvedReference, askSole: Ask): EvidenceKind {
  const { dataset, name } = reference;
  if (dataset === undefined) return 'likely';
  if (dataset.coversContent) return 'exact';
  return askSole({ kind: 'sole', name, digest: dataset.digest }) === false ? 'likely' : 'exact';
}

function inOneRepository(a: UnpinnedReference, b: UnpinnedReference): boolean {
  return (
    a.installation === b.installation && a.reference.address.repository === b.reference.address.repository
  );
}

function linkOf(entry: ResolvedReference, kind: EvidenceKind): Link {
  const { reference, installation, commit } = entry;
  return {
    installation,
    repository: reference.address.repository,
    commit,
    ref: reference.address.ref,
    path: reference.address.path,
    where: reference.where,
    name: reference.name,
    ...(reference.context === undefined ? {} : { context: reference.context }),
    kind,
    certain: kind === 'declared' || kind === 'exact' || kind === 'resolved',
    flags: [],
  };
}

function sameRepository(link: Link, entry: ResolvedReference): boolean {
  return link.installation === entry.installation && link.repository === entry.reference.address.repository;
}

function sameCommit(link: Link, entry: ResolvedReference): boolean {
  return sameRepository(link, entry) && link.commit === entry.commit;
}

/** A link that was found twice keeps its strongest kind. */
function strongest(links: readonly Link[]): readonly Link[] {
  const kept = new Map<string, Link>();
  for (const link of [...links].sort(byPlace)) {
    const key = JSON.stringify([link.installation, link.repository, link.commit, link.path]);
    const other = kept.get(key);
    if (other === undefined || strength(link) < strength(other)) kept.set(key, link);
  }
  return [...kept.values()].sort(byPlace);
}

function strength(link: Link): number {
  return evidenceKinds.indexOf(link.kind);
}
