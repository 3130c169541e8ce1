import { lakefsCommitPage } from '../../domain/common/links-to.js';
import { count, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { shownCertainty, shownRead, shownVersion } from '../shared/read-words.js';
import { lookedBlocks } from '../shared/scan-coverage.js';
import { shownBranches, shownPath, shownRun, shownTime } from '../shared/words.js';
import type { Hit, Impact } from './types.js';
import { shownAsked, shownReach } from './words.js';

/** More than these per group are counted, and all are in the JSON and the CSV. */
const maxShown = 10;
const maxPaths = 8;
const maxLinks = 3;

/** The answer for people: what matters first. */
export function impactBlocks(impact: Impact): readonly Block[] {
  const { hits, maybe, spared, looked } = impact;
  const nothing = whyNothing(impact);
  if (nothing !== undefined) return [...head(impact), gap, text(nothing)];
  const hasAlias = ({ versions }: Hit): boolean => versions.some(({ aliases }) => aliases.length > 0);
  const alias = hits.filter(hasAlias);
  const models = hits.filter((hit) => hit.versions.length > 0 && !hasAlias(hit));
  const runs = hits.filter(({ versions }) => versions.length === 0);
  return [
    ...head(impact),
    gap,
    text(summary(impact)),
    ...group('Models that stand under an alias', alias, impact),
    ...group('Other model versions', models, impact),
    ...group('Runs without a registered model', runs, impact),
    ...group('Perhaps: what these read comes after it', maybe, impact),
    gap,
    ...(spared === 0
      ? []
      : [
          text(
            `${count(spared, 'run')} read the same paths after it was undone, and ${spared === 1 ? 'is' : 'are'} not counted.`,
          ),
        ]),
    ...limits(impact),
    ...lookedBlocks(looked),
  ];
}

function head(impact: Impact): readonly Block[] {
  const { place, change, branches, branchesCut } = impact;
  const { facts, server, repository, commit } = place;
  const paths = change.kind === 'path' ? [] : change.paths;
  return [
    title(shownAsked(impact)),
    ...(facts === undefined
      ? []
      : [field('made', `${shownTime(facts.creation_date * 1000)} by ${shown(facts.committer)}`)]),
    ...(server === undefined ? [] : [field('page', lakefsCommitPage(server.publicUrl, repository, commit))]),
    ...paths.slice(0, maxPaths).map((path, index) => field(index === 0 ? 'changed' : '', shownPath(path))),
    ...(paths.length > maxPaths ? [field('', `and ${count(paths.length - maxPaths, 'more path')}`)] : []),
    ...(branches.length === 0
      ? []
      : [field('now', `${shownBranches(branches)}${branchesCut ? ' (not all branches were asked)' : ''}`)]),
  ];
}

/** Where there is nothing that a run could have read. */
function whyNothing({ change, ref, place }: Impact): string | undefined {
  if (change.kind === 'branch' && change.own.size === 0) {
    if (change.cut)
      return `Where branch ${shown(ref)} began is further back than was read, so nothing is known of it.`;
    return (
      `Branch ${shown(ref)} has no commits of its own, so nothing came from it. For the commit that it points to: ` +
      `lakefs-mlflow impact ${place.repository}/${change.tip}`
    );
  }
  if (change.kind === 'default' || change.changed.length > 0) return undefined;
  return change.kind === 'commit'
    ? `It changed no data, so no run can have read what it changed. Who read it all the same: lakefs-mlflow lineage ${place.repository}/${change.tip}`
    : 'It changed no data, so no run can have read what it changed.';
}

function summary({ hits }: Impact): string {
  if (hits.length === 0) return 'No run is known to have read it.';
  const versions = hits.flatMap((hit) => hit.versions);
  const under = versions.filter(({ aliases }) => aliases.length > 0).length;
  const models = versions.length === 0 ? '' : `, which made ${count(versions.length, 'model version')}`;
  const aliases =
    versions.length === 0 ? '' : under === 0 ? ', none under an alias' : `, ${under} under an alias`;
  return `It was read by ${count(hits.length, 'run')}${models}${aliases}.`;
}

function group(heading: string, hits: readonly Hit[], impact: Impact): readonly Block[] {
  if (hits.length === 0) return [];
  return [
    gap,
    title(`${heading} (${hits.length.toLocaleString('en')})`),
    ...hits.slice(0, maxShown).flatMap((hit) => [gap, ...hitBlocks(hit, impact)]),
    ...(hits.length > maxShown
      ? [gap, text(`… and ${(hits.length - maxShown).toLocaleString('en')} more: --csv and --json list all.`)]
      : []),
  ];
}

function hitBlocks({ run, links, versions }: Hit, { change }: Impact): readonly Block[] {
  const name = `${shownRun(run)}${run.deleted ? ' (deleted in MLflow)' : ''}`;
  return [
    ...versions.flatMap((version) => [text(shownVersion(version)), text(version.page)]),
    ...(versions.length === 0 ? [text(name)] : [field('made by', name)]),
    ...(versions.length === 0 ? [text(run.page)] : []),
    ...links.slice(0, maxLinks).map(({ link, reach }) => {
      const mark = { text: shownCertainty(link), tone: link.certain ? 'good' : 'doubt' } as const;
      return field('read', `: ${shownRead(link)}, ${shownReach(reach, change.kind)}`, mark);
    }),
    ...(links.length > maxLinks ? [field('', `and ${links.length - maxLinks} more of its inputs`)] : []),
  ];
}

function limits({ change, commitsCut }: Impact): readonly Block[] {
  return [
    ...(change.cut && change.kind === 'branch'
      ? [text('The branch has more commits than were read: of older ones runs may be missing (--limit).')]
      : []),
    ...(change.cut && change.kind !== 'branch'
      ? [
          text(
            'It is too large to compare object by object: whole directories were compared, so runs may be missing.',
          ),
        ]
      : []),
    ...(commitsCut
      ? [text('More commits were read than were compared: of older ones runs may be missing (--limit).')]
      : []),
  ];
}
