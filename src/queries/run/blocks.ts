import { groupBy } from '../../domain/common/group.js';
import { lakefsCommitPage } from '../../domain/common/links-to.js';
import { count, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { certainty, explainEvidence } from '../shared/evidence.js';
import { shownVersion } from '../shared/read-words.js';
import type { CommitPlace, ModelFacts } from '../shared/types.js';
import { shownCommit, shownModel, shownRun, shownSource, shownTime } from '../shared/words.js';
import { mending, mendingUnsure } from './advice.js';
import type { CatalogFacts, FoundLink, Lineage, Made } from './types.js';

/** The answer for people. */
export function answerBlocks(lineage: Lineage): readonly Block[] {
  const { model, run, notes, links, made, catalog } = lineage;
  const groups = byCommit(links);
  return [
    ...(model === undefined ? [] : modelBlocks(model)),
    title(shownRun(run)),
    text(run.page),
    ...notes.map(text),
    gap,
    ...(catalog === undefined ? [] : catalogBlocks(catalog)),
    ...(catalog === undefined && links.length === 0 ? mending(lineage) : []),
    ...(links.length > 0 ? [text(summary(groups)), ...groups.flatMap(commitBlocks)] : []),
    ...madeBlocks(made),
    ...mendingUnsure(lineage),
  ];
}

function modelBlocks(model: ModelFacts): readonly Block[] {
  const { page } = model;
  return [
    title(shownModel(model)),
    ...(page === undefined ? [] : [text(page)]),
    gap,
    text('It was made by this run:'),
  ];
}

function madeBlocks({ versions, loggedModels, produced }: Made): readonly Block[] {
  const fields = [
    ...versions.flatMap((version) => [field('model', shownVersion(version)), field('', version.page)]),
    ...(versions.length > 0
      ? []
      : loggedModels.map((id) => field('model', `${shown(id)}, of which no version is registered`))),
    ...produced.map(({ repository, commit }) =>
      field('commit', `${commit.slice(0, 12)} of ${shown(repository)}`),
    ),
  ];
  return fields.length === 0 ? [] : [gap, title('Made from it'), ...fields];
}

function summary(groups: readonly (readonly FoundLink[])[]): string {
  const kinds = new Set(groups.flat().map(({ link }) => link.kind));
  const what = groups.length === 1 ? 'this commit' : count(groups.length, 'commit');
  if ([...kinds].every((kind) => kind === 'ambiguous')) {
    return `It read data of lakeFS by a branch, and of which commit cannot be told. The best guess is ${what}:`;
  }
  const sure = [...kinds].some((kind) => kind !== 'ambiguous' && kind !== 'inferred');
  return `It ${sure ? '' : 'probably '}read data of ${what} of lakeFS:`;
}

function byCommit(links: readonly FoundLink[]): readonly (readonly FoundLink[])[] {
  const keyOf = ({ link }: FoundLink): string => `${link.installation} ${link.repository} ${link.commit}`;
  return [...groupBy(links, keyOf).values()];
}

function commitBlocks(links: readonly FoundLink[]): readonly Block[] {
  const place = links[0]?.place;
  if (place === undefined) return [];
  return [
    gap,
    title(`${shown(place.repository)} at ${shownCommit(place)}`),
    ...links.flatMap(linkFields),
    ...commitFields(place),
  ];
}

function linkFields({ link, kept, state, sameAs }: FoundLink): readonly Block[] {
  const mark = { text: certainty(link), tone: link.certain ? 'good' : 'doubt' } as const;
  const as = link.where === 'input' ? `, as ${shownSource({ ...link, context: link.context })}` : '';
  return [
    field('read', (link.path === '' ? 'no path is named: it may be all of it' : shown(link.path)) + as),
    field('we know', ` (${link.kind}): ${explainEvidence(link)}`, mark),
    field('now', `: ${state.reason}`, {
      text: state.status === 'unknown' ? 'not known' : state.status,
      tone: state.status === 'current' ? 'good' : 'doubt',
    }),
    ...sameAs.map((commit) => field('same as', `${commit.slice(0, 12)}: there these bytes are the same`)),
    ...(kept === undefined
      ? []
      : [field('but', `this was found earlier and cannot be checked now: ${shown(kept)}`)]),
  ];
}

/** The commit as it is, and its page; where it is gone its full id, by which it may be known elsewhere. */
function commitFields({ facts, server, repository, commit }: CommitPlace): readonly Block[] {
  if (server === undefined) return [field('commit', `${commit}, of a lakeFS that the settings do not name`)];
  if (facts === undefined) return [field('commit', `${commit}, which lakeFS does not have now`)];
  return [
    field('made', `${shownTime(facts.creation_date * 1000)} by ${shown(facts.committer)}`),
    field('page', lakefsCommitPage(server.publicUrl, repository, commit)),
  ];
}

function catalogBlocks({ place, candidates, consumers, double }: CatalogFacts): readonly Block[] {
  return [
    text('This run stands for a commit of lakeFS; it read nothing itself.'),
    ...(double ? [text('It is one of two that were made for the same commit, and no longer counts.')] : []),
    gap,
    title(`${shown(place.repository)} at ${shownCommit(place)}`),
    ...(consumers === undefined ? [] : [field('read by', `${count(consumers, 'run')} when last counted`)]),
    ...(candidates.length === 0
      ? [field('datasets', 'none: the commit changed no data, or emptied what it changed')]
      : candidates.map(({ name }, index) => field(index === 0 ? 'datasets' : '', shown(name)))),
    ...commitFields(place),
  ];
}
