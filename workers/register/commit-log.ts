import type { Consumption } from '../../src/domain/catalog/consumers.js';
import { numbersOf } from '../../src/domain/catalog/note.js';
import { mlflowRunPage } from '../../src/domain/common/links-to.js';
import { count, toLine } from '../../src/domain/common/text.js';
import type { CommitDatasets } from '../../src/facts/datasets/commit-datasets.js';

/** What a commit changed, in words, for the job's log. */
export function describeChanges({ changes, complete, paths, emptied }: CommitDatasets): string {
  if (!complete) {
    const names = paths.map(({ path }) => named(path)).join(', ');
    return `changed more than 10,000 objects, under ${names}`;
  }
  const lines = [
    ...paths.map((path) => `changed ${named(path.path)}: ${numbersOf(path)} (${path.reason})`),
    ...emptied.map((path) => `emptied ${named(path.path)}: ${numbersOf(path)}`),
  ];
  if (lines.length > 0) return lines.join('\n');
  return changes.length === 0
    ? 'changed nothing'
    : `changed ${count(changes.length, 'object')}, none of them data`;
}

/** The runs that consumed a commit, in words. */
export function describeConsumers({ runs }: Consumption, mlflowUrl: string): string {
  const shown = runs.slice(0, 5).map((run) => mlflowRunPage(mlflowUrl, run.experimentId, run.id));
  const more = runs.length > shown.length ? [`and ${runs.length - shown.length} more`] : [];
  return `${count(runs.length, 'run')} consumed it: ${[...shown, ...more].join(', ')}`;
}

function named(path: string): string {
  return path === '' ? 'the root' : toLine(path, 300);
}
