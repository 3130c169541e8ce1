import { groupBy } from '../../domain/common/collections.js';
import { count, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { explainEvidence } from '../shared/evidence.js';
import type { CommitAnswer, LinkAnswer } from '../shared/schema.js';
import {
  certainty,
  commitDetails,
  shownCommit,
  shownRun,
  shownSource,
  shownVersion,
} from '../shared/words.js';
import { adviceBlocks } from './advice.js';
import type { CatalogAnswer, ModelAnswer, Produced, RunLineage } from './schema.js';

/** The answer for people. */
export function runBlocks(lineage: RunLineage): readonly Block[] {
  const { model, run, notes, links, made, catalog, known } = lineage;
  const groups = byCommit(links);
  const advice = adviceBlocks(lineage);
  return [
    ...(model === undefined ? [] : modelBlocks(model)),
    title(shownRun(run)),
    text(run.page),
    ...notes.map(text),
    gap,
    ...(catalog === undefined ? [] : catalogBlocks(catalog)),
    ...(known ? [] : advice),
    ...(links.length > 0 ? [text(summary(groups)), ...groups.flatMap(commitBlocks)] : []),
    ...producedBlocks(made),
    ...(known ? advice : []),
  ];
}

function modelBlocks({ name, version, aliases, loggedModel, page }: ModelAnswer): readonly Block[] {
  const model =
    name === null || version === null
      ? `Logged model ${shown(loggedModel ?? '')}`
      : `Model ${shownVersion({ name, version, aliases })}`;
  return [title(model), ...(page === null ? [] : [text(page)]), gap, text('Produced by this run:')];
}

function producedBlocks({ versions, loggedModels, produced }: Produced): readonly Block[] {
  const fields = [
    ...versions.flatMap((version) => [field('model', shownVersion(version)), field('', version.page)]),
    ...(versions.length > 0
      ? []
      : loggedModels.map((id) => field('model', `${shown(id)}, no version of it is registered`))),
    ...produced.map(({ repository, commit }) =>
      field('commit', `${commit.slice(0, 12)} of ${shown(repository)}`),
    ),
  ];
  return fields.length === 0 ? [] : [gap, title('Produced by the run'), ...fields];
}

function summary(groups: readonly (readonly LinkAnswer[])[]): string {
  const kinds = new Set(groups.flat().map(({ kind }) => kind));
  const what = groups.length === 1 ? 'this commit' : count(groups.length, 'commit');
  if ([...kinds].every((kind) => kind === 'ambiguous')) {
    return `It read lakeFS data, but the commit is unknown: the branch changed or may have changed during the run. Best guess: ${what}:`;
  }
  const sure = [...kinds].some((kind) => kind !== 'ambiguous' && kind !== 'inferred');
  return `It ${sure ? '' : 'probably '}read lakeFS data from ${what}:`;
}

function byCommit(links: readonly LinkAnswer[]): readonly (readonly LinkAnswer[])[] {
  const keyOf = (link: LinkAnswer): string => `${link.installation} ${link.repository} ${link.commit}`;
  return [...groupBy(links, keyOf).values()];
}

function commitBlocks(links: readonly LinkAnswer[]): readonly Block[] {
  const [commit] = links;
  if (commit === undefined) return [];
  return [
    gap,
    title(`${shown(commit.repository)} at ${shownCommit(commit)}`),
    ...links.flatMap(linkBlocks),
    ...foundFields(commit),
  ];
}

function linkBlocks(link: LinkAnswer): readonly Block[] {
  const { path, where, kind, certain, status, statusReason, sameAs, kept } = link;
  const as = where === 'input' ? `, as ${shownSource(link)}` : '';
  return [
    field('read', (path === '' ? 'no path named, possibly all of it' : shown(path)) + as),
    field('we know', ` (${kind}): ${explainEvidence(link)}`, {
      text: certainty(link),
      tone: certain ? 'good' : 'doubt',
    }),
    field('now', `: ${statusReason}`, {
      text: status === 'superseded' ? 'newer data exists (superseded)' : status,
      tone: status === 'current' ? 'good' : 'doubt',
    }),
    ...sameAs.map((commit) => field('same as', `${commit.slice(0, 12)}, which has the same bytes there`)),
    ...(kept === null
      ? []
      : [field('but', `it was found earlier and cannot be checked now: ${shown(kept)}`)]),
  ];
}

/** The commit as it is, and its page; where it is gone its full id, by which it may be known elsewhere. */
function foundFields(commit: CommitAnswer): readonly Block[] {
  if (commit.page === null)
    return [field('commit', `${commit.commit}, in a lakeFS that the settings do not name`)];
  return commit.found ? commitDetails(commit) : [field('commit', `${commit.commit}, not in lakeFS now`)];
}

function catalogBlocks(catalog: CatalogAnswer): readonly Block[] {
  const { repository, consumers, candidates, double } = catalog;
  return [
    text('This run stands for a lakeFS commit; it read nothing itself.'),
    ...(double ? [text('There are two for this commit, and this one no longer counts.')] : []),
    gap,
    title(`${shown(repository)} at ${shownCommit(catalog)}`),
    ...(consumers === null ? [] : [field('read by', `${count(consumers, 'run')}, when last counted`)]),
    ...(candidates.length === 0
      ? [field('datasets', 'none: the commit changed no data, or removed what it changed')]
      : candidates.map(({ name }, index) => field(index === 0 ? 'datasets' : '', shown(name)))),
    ...foundFields(catalog),
  ];
}
