import type { Link } from '../../contract/run.js';
import { groupBy } from '../../domain/common/collections.js';
import { count, firstLine, shown } from '../../domain/common/text.js';
import { type Block, field, type Mark, text } from './blocks.js';
import type {
  BranchState,
  ChangedPathAnswer,
  CommitAnswer,
  ConsumerAnswer,
  ReferenceAnswer,
  RunAnswer,
  VersionAnswer,
} from './schema.js';

/** `1,234`. */
export function numberText(value: number): string {
  return value.toLocaleString('en');
}

/** `2026-11-22 14:01 UTC`; lakeFS takes any number as a date. */
export function shownTime(iso: string | null): string {
  return iso === null ? 'unknown date' : `${iso.slice(0, -8).replace('T', ' ')} UTC`;
}

/** `1a2b3c4d5e6f on main: Add data`. */
export function shownCommit({
  commit,
  branch,
  message,
}: Pick<CommitAnswer, 'commit' | 'branch' | 'message'>): string {
  const line = shown(firstLine(message ?? '', 200));
  const on = branch === null ? '' : ` on ${shown(branch)}`;
  return `${commit.slice(0, 12)}${on}${line === '' ? '' : `: ${line}`}`;
}

/** `churn version 3, alias champion`. */
export function shownVersion({
  name,
  version,
  aliases,
}: Pick<VersionAnswer, 'name' | 'version' | 'aliases'>): string {
  const names = aliases.map(shown).join(', ');
  const alias = names === '' ? '' : `, alias${aliases.length > 1 ? 'es' : ''} ${names}`;
  return `${shown(name)} version ${shown(version)}${alias}`;
}

export function shownRun({ id, name, experiment, status, startTime, endTime, deleted }: RunAnswer): string {
  const at = endTime ?? startTime;
  const when = at === null ? '' : ` ${endTime === null ? 'since ' : ''}${shownTime(at)}`;
  const gone = deleted ? ' (deleted in MLflow)' : '';
  return `Run ${shown(name === '' ? id : name)} of experiment ${shown(experiment)}, ${status.toLowerCase()}${when}${gone}`;
}

/** `dataset "train" (training)`, `tag lakefs_commit`, `lakefs_commit of the parent run <id>`. */
export function shownSource({
  where,
  name,
  context,
  run,
}: Pick<ReferenceAnswer, 'where' | 'name' | 'context'> & { readonly run?: string | null }): string {
  if (where === 'parent' && typeof run === 'string') return `${shown(name)} of the parent run ${run}`;
  if (where !== 'input') return `${where} ${shown(name)}`;
  return `dataset "${shown(name)}"${context === null ? '' : ` (${shown(context)})`}`;
}

/** `gold/train at 1a2b3c4d5e6f`. */
export function shownRead({ path, commit }: Pick<Link, 'path' | 'commit'>): string {
  return path === '' ? `${commit.slice(0, 12)}, path unknown` : `${shown(path)} at ${commit.slice(0, 12)}`;
}

export function certainty({ certain }: Pick<Link, 'certain'>): 'certain' | 'not certain' {
  return certain ? 'certain' : 'not certain';
}

/** `certain (exact)`. */
export function shownCertainty(link: Pick<Link, 'certain' | 'kind'>): string {
  return `${certainty(link)} (${link.kind})`;
}

/** The same, as what stands out in a field. */
export function certaintyMark(link: Pick<Link, 'certain' | 'kind'>): Mark {
  return { text: shownCertainty(link), tone: link.certain ? 'good' : 'doubt' };
}

/** `1 added, 2 changed`; empty where nothing is. */
export function shownCounts({
  added,
  changed,
  removed,
}: Pick<ChangedPathAnswer, 'added' | 'changed' | 'removed'>): string {
  const parts = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${numberText(number)} ${word}`)
    .join(', ');
}

/** `gold/train: 1 added, 2 changed`. */
export function shownPath(path: ChangedPathAnswer): string {
  const counts = shownCounts(path);
  const name = path.path === '' ? 'the root' : shown(path.path);
  return counts === '' ? name : `${name}: ${counts}`;
}

const branchWords: Readonly<Record<BranchState['reach'], string>> = {
  itself: 'on',
  downstream: 'on',
  'same-bytes': 'same bytes on',
  rewritten: 'rewritten since on',
  undone: 'undone on',
  unknown: 'unknown on',
  none: 'unknown on',
};

/** `on main, dev; undone on release`. */
export function shownBranches(branches: readonly BranchState[]): string {
  const groups = groupBy(branches, ({ reach }) => branchWords[reach]);
  return [...groups]
    .map(([word, some]) => `${word} ${some.map(({ branch }) => shown(branch)).join(', ')}`)
    .join('; ');
}

/** Where the change is now; nothing where no branch says anything of it. */
export function branchFields(branches: readonly BranchState[], cut: boolean): readonly Block[] {
  if (branches.length === 0) return [];
  return [field('now', `${shownBranches(branches)}${cut ? ' (not all branches were checked)' : ''}`)];
}

/** When a commit was made, and its page. */
export function commitDetails({ date, committer, page }: CommitAnswer): readonly Block[] {
  return [
    ...(committer === null ? [] : [field('committed', `${shownTime(date)} by ${shown(committer)}`)]),
    ...(page === null ? [] : [field('page', page)]),
  ];
}

/** A label, and lines below one another, of which no more than `max` are shown. `more`: `more path`. */
export function listFields(
  label: string,
  lines: readonly string[],
  max: number,
  more: string,
): readonly Block[] {
  return [
    ...lines.slice(0, max).map((line, index) => field(index === 0 ? label : '', line)),
    ...(lines.length > max ? [field('', `and ${count(lines.length - max, more)}`)] : []),
  ];
}

/** More links of one run than these are counted only. */
const maxLinks = 3;

/** What a run read, a field for each link. */
export function linkFields<T extends Pick<Link, 'certain' | 'kind' | 'path' | 'commit'>>(
  links: readonly T[],
  further: (link: T) => string = () => '',
): readonly Block[] {
  return [
    ...links
      .slice(0, maxLinks)
      .map((link) => field('read', `: ${shownRead(link)}${further(link)}`, certaintyMark(link))),
    ...(links.length > maxLinks ? [field('', `and ${links.length - maxLinks} more of its inputs`)] : []),
  ];
}

/** `Read by 5 runs: 3 certain, 2 possible`. */
export function readByText(
  consumers: readonly { readonly links: readonly Pick<Link, 'certain'>[] }[],
): string {
  const sure = consumers.filter(({ links }) => links.some(({ certain }) => certain)).length;
  return `Read by ${count(consumers.length, 'run')}${certainPart(sure, consumers.length)}`;
}

function certainPart(certain: number, all: number): string {
  if (certain === all) return ', certainly';
  return certain === 0
    ? ', possibly'
    : `: ${numberText(certain)} certain, ${numberText(all - certain)} possible`;
}

/** A run that read data, with its page, what it read and the models that it produced. */
export function consumerBlocks({ run, links, versions }: ConsumerAnswer): readonly Block[] {
  return [
    text(shownRun(run)),
    text(run.page),
    ...linkFields(links),
    ...versions.map((version, index) => field(index === 0 ? 'model' : '', shownVersion(version))),
  ];
}
