import type { Installations } from '../../config/installations.js';
import type { LinksTag } from '../../contract/links-tag.js';
import { isReadingKind, type Link, type RunView } from '../../contract/run.js';
import { guideTag, inputCountTag, inputTag, maybePrefix, mlflowTag } from '../../contract/tags.js';
import { decideLinks, withReadings } from '../../domain/links/links.js';
import type { Answers, Question } from '../../domain/links/questions.js';
import { mayBeOf, pinnedBefore, type ReadReference, unknownVersions } from '../../domain/links/readings.js';

import { pathForms } from '../../domain/paths/path.js';
import { inheritedBy } from '../../domain/references/inheritance.js';
import { parseRefName } from '../../domain/references/lakefs-names.js';
import { looksLikeCommit, type NoReference, type Reference } from '../../domain/references/reference.js';
import type { ReferenceRules } from '../../domain/references/reference-rules.js';
import type { Ancestors } from '../runs/ancestors.js';
import { type AnswerSources, answerAll, settlePath } from './answer.js';
import { placedAncestors, placedReferences } from './placed-references.js';
import { type NamedReference, readNamed } from './read-named.js';
import { type KnownInstallation, type Resolution, resolveReference, type Verdict } from './resolve.js';

/** One reference of a run and what became of it. */
export interface Judged {
  readonly reference: Reference;
  readonly verdict: Verdict;
}

/** What a run read, how we know, and what we read to say so. */
export interface Examination {
  readonly links: readonly Link[];
  readonly judged: readonly Judged[];
  readonly none: readonly NoReference[];
  /** True where links cannot be judged now and are not all remembered, so that nothing may be concluded. */
  readonly incomplete: boolean;
}

export interface ExaminationSources extends AnswerSources {
  readonly installations: Installations<KnownInstallation>;
  readonly rules: ReferenceRules;
  readonly ancestors: Ancestors;
  /** Unix ms. */
  readonly now: () => number;
}

/**
 * Finds what a run read. Reads only.
 *
 * @param experiment the name of the run's experiment
 * @throws what the clients throw where something could not be read
 */
export async function examineRun(
  run: RunView,
  experiment: string,
  sources: ExaminationSources,
): Promise<Examination> {
  const own = await placedReferences(run, experiment, sources);
  const { ancestors, unknown } = await placedAncestors(run, experiment, sources);
  const inherited = inheritedBy(own.found, ancestors);
  const named = await resolveAll([...own.found, ...inherited.found], run, experiment, sources);
  const instead = own.fallbacks.filter(({ address }) => isOpen(address.repository, named, run));
  const resolutions = [...named, ...(await resolveAll(instead, run, experiment, sources))];
  const found = [...own.found, ...inherited.found, ...instead];
  const { links, readings, unremembered } = await decide(run, resolutions, sources);
  const judged = resolutions.map((entry) => ({
    reference: entry.reference,
    verdict: verdictOf(entry, links, readings),
  }));
  const lost = resolutions
    .filter(({ resolution }) => resolution.kind === 'none')
    .map(({ reference }) => reference);
  const held = [
    ...heldLinks(run, found, lost),
    ...(unknown === undefined ? [] : inheritedBefore(run, found)),
  ];
  return {
    links: [...links.filter((link) => !isHeld(link, held)), ...held],
    judged,
    none: [
      ...own.none,
      ...inherited.none,
      ...unknownVersions(readings),
      ...(unknown === undefined ? [] : [unknownParent(unknown)]),
    ],
    incomplete: unremembered || isIncomplete(run, lost, held, unknown !== undefined),
  };
}

function resolveAll(
  references: readonly Reference[],
  run: RunView,
  experiment: string,
  sources: ExaminationSources,
): Promise<readonly Resolved[]> {
  // What a tag led to before the run began says nothing about what the run read.
  const asOf = run.startTime ?? sources.now();
  return Promise.all(
    references.map(async (reference) => {
      const found = await resolveReference(reference, experiment, sources.installations, asOf);
      const resolution = asAtFirst(reference, found, run);
      return { reference: await settlePath(reference, resolution, sources), resolution };
    }),
  );
}

/** True where nothing that a run names in a repository is there, nor led to a link before. */
function isOpen(repository: string, named: readonly Resolved[], run: RunView): boolean {
  const before = run.tags.linksTag.links;
  return named
    .filter(({ reference }) => reference.address.repository === repository)
    .every(
      ({ reference, resolution }) =>
        resolution.kind === 'none' && !before.some((link) => ledTo(reference, link)),
    );
}

/**
 * Links by what a parent declared, now that the parent is gone or may not be read: that proves nothing against them.
 * Where somebody nearer speaks about the repository by now, they would have given way.
 */
function inheritedBefore(run: RunView, found: readonly Reference[]): readonly Link[] {
  return run.tags.linksTag.links.filter(
    ({ where, repository }) =>
      where === 'parent' && !found.some(({ address }) => address.repository === repository),
  );
}

function unknownParent(id: string): NoReference {
  const reason = 'this run is gone or may not be read: what it declares is not known';
  return { where: 'parent', name: mlflowTag.parent, text: id, run: id, reason };
}

interface Resolved {
  readonly reference: Reference;
  readonly resolution: Resolution;
}

/** A branch or tag may have got the name by now that was the beginning of a commit's id at first sight. */
function asAtFirst(reference: Reference, resolution: Resolution, run: RunView): Resolution {
  if (resolution.kind !== 'branch' && resolution.kind !== 'tag') return resolution;
  const before = pinnedBefore(run.tags.linksTag.links, parseRefName(reference.address.ref), (link) =>
    isFrom(reference, link),
  );
  if (before === undefined) return resolution;
  return { kind: 'commit', installation: before.installation, commit: before.commit };
}

/** What a branch or tag came to: what the run says of it itself, else what lakeFS does. */
function verdictOf(
  { reference, resolution }: Resolved,
  links: readonly Link[],
  readings: readonly ReadReference[],
): Verdict {
  if (resolution.kind === 'none' || resolution.kind === 'commit') return resolution;
  const { installation } = resolution;
  const reading = readings.find((entry) => entry.reference === reference)?.reading;
  if (reading?.kind === 'none') return reading;
  if (reading !== undefined) return { kind: 'commit', installation, commit: reading.commit };
  const link = links.find((other) => isFrom(reference, other));
  return link === undefined
    ? { kind: 'none', reason: 'another reference says the same' }
    : { kind: 'commit', installation, commit: link.commit };
}

interface Decided {
  readonly links: readonly Link[];
  readonly readings: readonly ReadReference[];
  /** True where a tag may have been looked up before, and what it led to then is not known any more. */
  readonly unremembered: boolean;
}

/** Asks until a decision has no open question: the answer to one may raise another. */
async function decide(
  run: RunView,
  resolutions: readonly Resolved[],
  sources: ExaminationSources,
): Promise<Decided> {
  const resolved = resolutions.flatMap(({ reference, resolution }) =>
    resolution.kind === 'commit'
      ? [{ reference, installation: resolution.installation, commit: resolution.commit }]
      : [],
  );
  const unpinned = resolutions.flatMap(({ reference, resolution }): readonly NamedReference[] =>
    resolution.kind === 'tag' || resolution.kind === 'branch'
      ? [{ reference, installation: resolution.installation, resolution }]
      : [],
  );
  let answers: Answers = new Map();
  const settled = async <D extends { readonly open: readonly Question[] }>(attempt: (from: Answers) => D) => {
    for (;;) {
      const decision = attempt(answers);
      if (decision.open.length === 0) return decision;
      answers = new Map([...answers, ...(await answerAll(decision.open, run, sources))]);
    }
  };
  const { links, unread } = await settled((from) => decideLinks(resolved, unpinned, from));
  if (unread.length === 0) return { links, readings: [], unremembered: false };
  const before = run.tags.linksTag;
  const seen = unread.map((entry) => ({ entry, own: seenBefore(entry, before) }));
  const unremembered = seen.some(({ entry, own }) => own.length === 0 && maybeForgotten(run, entry));
  const readings = await Promise.all(seen.map(({ entry, own }) => readNamed(run, entry, own, sources)));
  const all = await settled((from) => withReadings(links, readings, from));
  return { links: all.links, readings, unremembered };
}

/**
 * What a branch or tag came to at first sight. Of references that say the same one link is kept, so whoever names the
 * same is meant. A tag leads to one commit, whatever the path: where the list was cut, another path tells it too.
 */
function seenBefore({ reference, installation, resolution }: NamedReference, before: LinksTag): Link[] {
  const { repository, ref, path } = reference.address;
  const forms = pathForms(path);
  const known = before.links.filter((link) => mayBeOf(link, reference.version));
  const byName = known.filter(
    (link) => link.installation === installation && link.repository === repository && link.ref === ref,
  );
  const same = byName.filter((link) => forms.includes(link.path));
  // A name without a path makes no link of its own beside one with a path.
  const byOther = resolution.kind === 'tag' && (path === '' || before.more > 0);
  const others = byOther ? byName.filter(({ kind }) => kind === 'resolved') : [];
  return [...same, ...known.filter((link) => isFrom(reference, link)), ...others];
}

/** True where a tag was perhaps looked up before: the list was cut, and leads to the tag's commit in no other way. */
function maybeForgotten(run: RunView, { reference, resolution }: NamedReference): boolean {
  const { links, more } = run.tags.linksTag;
  // Readings are kept before all else: beside a link of another kind none was left out.
  if (more === 0 || resolution.kind !== 'tag' || !links.every(({ kind }) => isReadingKind(kind)))
    return false;
  const { commit } = resolution;
  const named = run.tags.has(inputTag({ repository: reference.address.repository, commit }));
  return !named && run.tags.get(guideTag.commit) !== commit;
}

/**
 * Links that were found before and cannot be judged again: a reference that led to a commit leads to none now,
 * because of a deleted repository, a commit that answers 404, an installation that is no longer configured. None of
 * these proves that the run did not read it. What a run says about one repository is judged as a whole (what it
 * declares speaks for or against what a source names), so all its links of that repository stay as they are.
 */
function heldLinks(run: RunView, found: readonly Reference[], lost: readonly Reference[]): readonly Link[] {
  const before = run.tags.linksTag.links;
  const missed = lost.filter((reference) => before.some((link) => ledTo(reference, link)));
  return before.filter(
    (link) =>
      missed.some(({ address }) => address.repository === link.repository) &&
      found.some((reference) => isFrom(reference, link)),
  );
}

/** A long list of links is cut when it is written: what it leaves out is known by the tags of its commits only. */
function isIncomplete(
  run: RunView,
  lost: readonly Reference[],
  held: readonly Link[],
  parentUnknown: boolean,
): boolean {
  if (run.tags.linksTag.more === 0) return false;
  // What the parent declared may be among what was left out.
  if (parentUnknown) return true;
  const keys = [...run.tags.keys()];
  const wasLinked = ({ address: { repository, ref } }: Reference): boolean =>
    looksLikeCommit(ref)
      ? run.tags.has(inputTag({ repository, commit: ref }))
      : keys.some((key) => key.startsWith(maybePrefix(repository)) || key === inputCountTag(repository));
  return held.length > 0 || lost.some(wasLinked);
}

/** True where a new link says no more than one that is held. */
function isHeld(link: Link, held: readonly Link[]): boolean {
  return held.some(
    (other) =>
      (['repository', 'ref', 'path', 'where', 'name'] as const).every((key) => other[key] === link[key]) ||
      (link.path === '' && other.repository === link.repository && other.commit === link.commit),
  );
}

function ledTo(reference: Reference, link: Link): boolean {
  const { repository, ref } = reference.address;
  if (isFrom(reference, link)) return true;
  return repository === link.repository && looksLikeCommit(ref) && link.commit.startsWith(ref);
}

function isFrom({ where, name, address }: Reference, link: Link): boolean {
  return (
    where === link.where &&
    name === link.name &&
    address.repository === link.repository &&
    address.ref === link.ref &&
    pathForms(address.path).includes(link.path)
  );
}
