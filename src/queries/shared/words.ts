import { groupBy } from '../../domain/common/group.js';
import { firstLine, shown } from '../../domain/common/text.js';
import type { DatasetPath } from '../../domain/paths/dataset-paths.js';
import type { BranchState } from './change/types.js';
import type { CommitPlace, DataReader, LookedAt, ModelFacts, RunFacts } from './types.js';

/** `2026-11-22 14:01 UTC`; lakeFS takes any number as a date. */
export function shownTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime())
    ? 'at no date'
    : `${date.toISOString().slice(0, -8).replace('T', ' ')} UTC`;
}

/** `1a2b3c4d5e6f on main: Add data`. */
export function shownCommit({ commit, branch, facts }: CommitPlace): string {
  const message = shown(firstLine(facts?.message ?? '', 200));
  const on = branch === undefined ? '' : ` on ${shown(branch)}`;
  return `${commit.slice(0, 12)}${on}${message === '' ? '' : `: ${message}`}`;
}

/** `Model boats, version 3, which stands under the alias champion`. */
export function shownModel({ version, aliases, loggedModel }: ModelFacts): string {
  if (version === undefined) return `Logged model ${shown(loggedModel ?? '')}`;
  const names = aliases.map(shown).join(', ');
  const under =
    names === '' ? '' : `, which stands under the alias${aliases.length > 1 ? 'es' : ''} ${names}`;
  return `Model ${shown(version.name)}, version ${shown(version.version)}${under}`;
}

export function shownRun({ id, name, experiment, status, startTime, endTime }: RunFacts): string {
  const words = status.toLowerCase();
  const at = endTime ?? startTime;
  const when = at === undefined ? '' : ` ${endTime === undefined ? 'since ' : ''}${shownTime(at)}`;
  return `Run ${shown(name === '' ? id : name)} of experiment ${shown(experiment)}, ${words}${when}`;
}

/** `dataset "train" (training)`, `tag lakefs_commit`, `lakefs_commit of the parent run <id>`. */
export function shownSource({
  where,
  name,
  context,
  run,
}: Pick<LookedAt, 'where' | 'name' | 'context' | 'run'>): string {
  if (where === 'parent' && run !== undefined) return `${shown(name)} of the parent run ${run}`;
  if (where !== 'input') return `${where} ${shown(name)}`;
  return `dataset "${shown(name)}"${context === undefined ? '' : ` (${shown(context)})`}`;
}

/** `gold/train: 1 added, 2 changed`. */
export function shownPath({ path, added, changed, removed }: DatasetPath): string {
  const parts = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
  ] as const;
  const counts = parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number.toLocaleString('en')} ${word}`);
  const name = path === '' ? 'the root' : shown(path);
  return counts.length === 0 ? name : `${name}: ${counts.join(', ')}`;
}

export function shownBranches(branches: readonly BranchState[]): string {
  const groups = groupBy(branches, ({ reach }) => branchWord(reach));
  return [...groups]
    .map(([word, some]) => `${word} ${some.map(({ branch }) => shown(branch)).join(', ')}`)
    .join('; ');
}

function branchWord(reach: BranchState['reach']): string {
  switch (reach) {
    case 'itself':
    case 'downstream':
      return 'held by';
    case 'same-bytes':
      return 'the same bytes on';
    case 'rewritten':
      return 'written anew on';
    case 'undone':
      return 'undone on';
    case 'unknown':
    case 'none':
      return 'not known on';
  }
}

export function runName({ run }: Pick<DataReader, 'run'>): string {
  return `${shownRun(run)}${run.deleted ? ' (deleted in MLflow)' : ''}`;
}
