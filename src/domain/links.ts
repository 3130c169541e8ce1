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
  /** Has nothing under the path changed on the commit's branch since? */
  | {
      readonly kind: 'unchanged';
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

/**
 * Decides which commits a run read, and how we know.
 *
 * MLflow shares one source among all runs of an experiment with equal dataset name and digest (the first writer's),
 * so a source that names a commit proves the class of bytes, not the commit, unless the run declares the commit
 * too, or the digest covers all content, or no other run can have written first, or the bytes have not changed.
 */
export function decideLinks(resolved: readonly ResolvedReference[], answers: Answers): LinkDecision {
  const open: Question[] = [];
  const ask = (question: Question): boolean | undefined => {
    const answer = answers.get(questionKey(question));
    if (answer === undefined) open.push(question);
    return answer;
  };
  const declared = resolved.filter(({ reference }) => reference.where === 'tag');
  const links: Link[] = [];
  for (const entry of resolved) {
    if (entry.reference.where === 'tag') continue;
    links.push(...inputLinks(entry, declared, ask));
  }
  for (const entry of declared) {
    const withPath = links.some((link) => sameCommit(link, entry));
    const contradicted = links.some((link) => link.kind === 'conflict' && sameRepository(link, entry));
    if (!withPath) links.push(linkOf(entry, contradicted ? 'conflict' : 'declared'));
  }
  return { links: strongest(links), open };
}

function inputLinks(
  entry: ResolvedReference,
  declared: readonly ResolvedReference[],
  ask: (question: Question) => boolean | undefined,
): readonly Link[] {
  const rivals = declared.filter((other) => sameRepository(linkOf(other, 'declared'), entry));
  if (rivals.some((other) => other.commit === entry.commit)) return [linkOf(entry, 'declared')];
  if (rivals.length > 0) return contradiction(entry, rivals, ask);
  return [linkOf(entry, sourceEvidence(entry, ask))];
}

/** The source names one commit, the run declares another: where the bytes are equal, the declared one is the link. */
function contradiction(
  entry: ResolvedReference,
  rivals: readonly ResolvedReference[],
  ask: (question: Question) => boolean | undefined,
): readonly Link[] {
  const equal = rivals.filter((rival) =>
    ask({
      kind: 'equal',
      installation: entry.installation,
      repository: entry.reference.address.repository,
      commits: [entry.commit, rival.commit],
      path: entry.reference.address.path,
    }),
  );
  if (equal.length === 0) return [linkOf(entry, 'conflict')];
  const flag = `source names ${entry.commit.slice(0, 12)}`;
  return equal.map((rival) => ({ ...linkOf(entry, 'declared'), commit: rival.commit, flags: [flag] }));
}

function sourceEvidence(
  entry: ResolvedReference,
  ask: (question: Question) => boolean | undefined,
): EvidenceKind {
  const { reference, installation, commit } = entry;
  const { dataset, address, name } = reference;
  if (dataset === undefined) return 'likely';
  if (dataset.coversContent) return 'exact';
  if (ask({ kind: 'sole', name, digest: dataset.digest }) !== false) return 'exact';
  const { repository, path } = address;
  return ask({ kind: 'unchanged', installation, repository, commit, path }) === true ? 'exact' : 'likely';
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
