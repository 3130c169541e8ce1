import { lakefsCommitPage } from '../../domain/common/links-to.js';
import { count, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { shownCertainty, shownRead, shownVersion } from '../shared/read-words.js';
import { lookedBlocks } from '../shared/scan-coverage.js';
import type { DataReader } from '../shared/types.js';
import { runName, shownBranches, shownCommit, shownPath, shownTime } from '../shared/words.js';
import type { CommitLineage } from './types.js';

/** More than these are counted, and all are in the JSON. */
const maxReaders = 10;
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

function more(left: number): readonly Block[] {
  return left > 0 ? [gap, text(`… and ${left.toLocaleString('en')} more: --json lists all.`)] : [];
}
