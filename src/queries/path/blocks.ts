import { lakefsCommitPage, lakefsObjectsPage } from '../../domain/common/links-to.js';
import { count, firstLine, shown } from '../../domain/common/text.js';
import { shownBranches, shownPath } from '../impact/words.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { shownCertainty, shownRead, shownVersion } from '../shared/read-words.js';
import { lookedBlocks } from '../shared/scan-coverage.js';
import { shownCommit, shownRun, shownTime } from '../shared/words.js';
import type { CommitLineage, DataReader, PathCounts, PathLineage, PathVersion } from './types.js';

/** More than these are counted, and all are in the JSON. */
const maxReaders = 10;
const maxPerVersion = 4;
const maxLinks = 3;
const maxPaths = 8;

/** The answer for people about a commit. */
export function commitBlocks(lineage: CommitLineage): readonly Block[] {
  const { place, readers, looked, makers } = lineage;
  const { facts, server, repository, commit } = place;
  return [
    title(`${shown(repository)} at ${shownCommit(place)}`),
    ...(facts === undefined
      ? []
      : [field('made', `${shownTime(facts.creation_date * 1000)} by ${shown(facts.committer)}`)]),
    ...makers.map((id, index) =>
      field(index === 0 ? 'made by' : '', `run ${shown(id)}, as its metadata says`),
    ),
    ...(server === undefined ? [] : [field('page', lakefsCommitPage(server.publicUrl, repository, commit))]),
    ...datasetFields(lineage),
    ...nowFields(lineage),
    gap,
    ...(readers.length === 0
      ? [text('No run is known to have read this commit.')]
      : [text(`It was read by ${count(readers.length, 'run')}:`)]),
    ...readers.slice(0, maxReaders).flatMap((reader) => [gap, ...readerBlocks(reader)]),
    ...more(readers.length - maxReaders),
    gap,
    ...lookedBlocks(looked),
  ];
}

function datasetFields({ candidates, emptied }: CommitLineage): readonly Block[] {
  if (candidates.length + emptied.length === 0) return [field('changed', 'no data')];
  const lines = [
    ...candidates.map(shownPath),
    ...emptied.map((path) => `${shownPath(path)}: nothing is left`),
  ];
  return [
    ...lines.slice(0, maxPaths).map((line, index) => field(index === 0 ? 'changed' : '', line)),
    ...(lines.length > maxPaths ? [field('', `and ${count(lines.length - maxPaths, 'more path')}`)] : []),
  ];
}

function nowFields({ branches, branchesCut }: CommitLineage): readonly Block[] {
  if (branches.length === 0) return [];
  return [field('now', `${shownBranches(branches)}${branchesCut ? ' (not all branches were asked)' : ''}`)];
}

function readerBlocks({ run, links, versions }: DataReader): readonly Block[] {
  return [
    text(runName({ run })),
    text(run.page),
    ...links.slice(0, maxLinks).map((link) => {
      const mark = { text: shownCertainty(link), tone: link.certain ? 'good' : 'doubt' } as const;
      return field('read', `: ${shownRead(link)}`, mark);
    }),
    ...(links.length > maxLinks ? [field('', `and ${links.length - maxLinks} more of its inputs`)] : []),
    ...versions.map((version, index) => field(index === 0 ? 'made' : '', shownVersion(version))),
  ];
}

function runName({ run }: Pick<DataReader, 'run'>): string {
  return `${shownRun(run)}${run.deleted ? ' (deleted in MLflow)' : ''}`;
}

function more(left: number): readonly Block[] {
  return left > 0 ? [gap, text(`… and ${left.toLocaleString('en')} more: --json lists all.`)] : [];
}

/** The answer for people about a path. */
export function pathBlocks(lineage: PathLineage): readonly Block[] {
  const { place, path, ref, versions, walked, cut, others, looked, there } = lineage;
  const { server, repository } = place;
  return [
    title(`${shown(path)} of ${shown(repository)}, on ${shown(ref)}`),
    ...(server === undefined ? [] : [text(lakefsObjectsPage(server.publicUrl, repository, ref, path))]),
    gap,
    text(historyText(versions.length, walked, cut)),
    ...(there ? [] : [text('Nothing is there now.')]),
    ...versions.flatMap((version) => [gap, ...versionBlocks(version)]),
    ...(others.length === 0
      ? []
      : [
          gap,
          title(`Read as it was before that, or on other branches (${others.length.toLocaleString('en')})`),
          ...readerFields(others, 'read by', true),
        ]),
    gap,
    ...lookedBlocks(looked),
  ];
}

function historyText(versions: number, walked: number, cut: boolean): string {
  const through = `${count(walked, 'commit')} that ${walked === 1 ? 'was' : 'were'} looked through`;
  return cut
    ? `Its newest ${count(versions, 'version')}, of the ${through}; --limit tells of older ones.`
    : `It has ${count(versions, 'version')} in ${count(walked, 'commit')}.`;
}

function versionBlocks({
  commit,
  counts,
  emptied,
  sameAs,
  alsoKnownAs,
  readers,
}: PathVersion): readonly Block[] {
  const message = shown(firstLine(commit.message, 200));
  return [
    title(`${commit.id.slice(0, 12)}${message === '' ? '' : `: ${message}`}`),
    field('made', `${shownTime(commit.creation_date * 1000)} by ${shown(commit.committer)}`),
    field('changed', `${shownCounts(counts)}${emptied ? ': nothing is left' : ''}`),
    ...(sameAs === undefined
      ? []
      : [field('the same', `as ${sameAs.slice(0, 12)}, byte for byte: one version with two names`)]),
    ...(alsoKnownAs.length === 0
      ? []
      : [
          field(
            'also at',
            alsoKnownAs
              .slice(0, maxPaths)
              .map((id) => id.slice(0, 12))
              .join(', '),
          ),
        ]),
    ...(readers.length === 0 ? [field('read by', 'no run that is known')] : readerFields(readers, 'read by')),
  ];
}

function shownCounts({ added, changed, removed, cut }: PathCounts): string {
  const parts = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
  ] as const;
  const some = parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number.toLocaleString('en')} ${word}`);
  return `${some.join(', ')}${cut ? ' or more' : ''}`;
}

/** One field for each run: how sure, what of it where that says more, and the models. */
function readerFields(readers: readonly DataReader[], label: string, commits = false): readonly Block[] {
  return [
    ...readers.slice(0, maxPerVersion).flatMap(({ run, links, versions }, index) => {
      const [link] = links;
      if (link === undefined) return [];
      const mark = { text: shownCertainty(link), tone: link.certain ? 'good' : 'doubt' } as const;
      const at = commits ? `, ${shownRead(link)}` : '';
      return [
        field(index === 0 ? label : '', `: ${runName({ run })}${at}; run id ${shown(run.id)}`, mark),
        ...versions.map((version) => field('', `made ${shownVersion(version)}`)),
      ];
    }),
    ...(readers.length > maxPerVersion
      ? [field('', `and ${(readers.length - maxPerVersion).toLocaleString('en')} more: --json lists all`)]
      : []),
  ];
}
