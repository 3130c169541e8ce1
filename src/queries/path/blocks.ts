import { lakefsObjectsPage } from '../../domain/common/links-to.js';
import { count, firstLine, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { shownCertainty, shownRead, shownVersion } from '../shared/read-words.js';
import { lookedBlocks } from '../shared/scan-coverage.js';
import type { DataReader } from '../shared/types.js';
import { runName, shownTime } from '../shared/words.js';
import type { PathCounts, PathLineage, PathVersion } from './types.js';

/** More than these are counted, and all are in the JSON. */
const _maxReaders = 10;
const maxPerVersion = 4;
const _maxLinks = 3;
const maxPaths = 8;

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
