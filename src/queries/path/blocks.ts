import { count, firstLine, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { scanCoverageBlocks } from '../shared/scan-coverage.js';
import type { ConsumerAnswer } from '../shared/schema.js';
import {
  certaintyMark,
  numberText,
  shownCounts,
  shownRead,
  shownRun,
  shownTime,
  shownVersion,
} from '../shared/words.js';
import type { PathLineage, PathVersion } from './schema.js';

/** More than these are counted, and all are in the JSON. */
const maxPerVersion = 4;
const maxCommits = 8;

/** The answer for people. `page`: of lakeFS, with the objects. */
export function pathBlocks({
  answer,
  page,
}: {
  readonly answer: PathLineage;
  readonly page: string;
}): readonly Block[] {
  const { commit, path, ref, versions, others, looked, there } = answer;
  return [
    title(`${shown(path)} of ${shown(commit.repository)}, on ${shown(ref)}`),
    text(page),
    gap,
    text(historyText(answer)),
    ...(there ? [] : [text('Nothing is there now.')]),
    ...versions.flatMap((version) => [gap, ...versionBlocks(version)]),
    ...(others.length === 0
      ? []
      : [
          gap,
          title(`Older versions or other branches, read by ${count(others.length, 'run')}`),
          ...consumerFields(others, true),
        ]),
    gap,
    ...scanCoverageBlocks(looked),
  ];
}

function historyText({ versions, walked, limits }: PathLineage): string {
  const found = count(versions.length, 'version');
  return limits.versions
    ? `The newest ${found}, from the newest ${count(walked, 'commit')}; use --limit to list older ones.`
    : `${found} in ${count(walked, 'commit')}.`;
}

function versionBlocks(version: PathVersion): readonly Block[] {
  const { commit, committer, date, changed, emptied, sameAs, alsoKnownAs, readers } = version;
  const message = shown(firstLine(version.message, 200));
  const others = alsoKnownAs.slice(0, maxCommits).map((id) => id.slice(0, 12));
  const counts = `${shownCounts(changed)}${changed.cut ? ' or more' : ''}`;
  return [
    title(`${commit.slice(0, 12)}${message === '' ? '' : `: ${message}`}`),
    field('committed', `${shownTime(date)} by ${shown(committer)}`),
    field('changed', `${counts}${emptied ? '; nothing is left' : ''}`),
    ...(sameAs === null ? [] : [field('identical', `to ${sameAs.slice(0, 12)}, byte for byte`)]),
    ...(others.length === 0 ? [] : [field('also at', others.join(', '))]),
    ...(readers.length === 0 ? [field('read by', 'no known run')] : consumerFields(readers, false)),
  ];
}

/** One field for each run: how sure, what of it where that says more, and the models. */
function consumerFields(consumers: readonly ConsumerAnswer[], commits: boolean): readonly Block[] {
  return [
    ...consumers.slice(0, maxPerVersion).flatMap(({ run, links, versions }, index) => {
      const [link] = links;
      if (link === undefined) return [];
      const at = commits ? `, ${shownRead(link)}` : '';
      return [
        field(
          index === 0 ? 'read by' : '',
          `: ${shownRun(run)}${at}; run id ${shown(run.id)}`,
          certaintyMark(link),
        ),
        ...versions.map((version) => field('', `produced ${shownVersion(version)}`)),
      ];
    }),
    ...(consumers.length > maxPerVersion
      ? [field('', `and ${numberText(consumers.length - maxPerVersion)} more; --json lists all`)]
      : []),
  ];
}
