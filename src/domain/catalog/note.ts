import { limits } from '../../contract/limits.js';
import { guideTag, inputTag, whereTag } from '../../contract/tags.js';
import { lakefsCommitPage, lakefsObjectsPage } from '../common/links-to.js';
import { count, inBytes, toCode, toCodeBlock, toLine, toText } from '../common/text.js';
import type { DatasetPath } from '../paths/dataset-paths.js';
import type { CatalogPlace } from './experiment.js';
import { type CatalogCommit, operationOf } from './operation.js';

export interface NoteFacts {
  readonly place: CatalogPlace;
  readonly commit: CatalogCommit;
  readonly branch: string | undefined;
  readonly paths: readonly DatasetPath[];
  /** Paths that hold no data any more: named, but no candidates. */
  readonly emptied: readonly DatasetPath[];
  /** False where there was too much to count. */
  readonly complete: boolean;
}

/** The description of a catalog run, in Markdown. MLflow folds it after four lines, so the links come first. */
export function catalogNote(facts: NoteFacts): string {
  const { place, commit } = facts;
  const short = commit.id.slice(0, 12);
  const message = toText(commit.message, limits.message);
  const head = [
    `[Commit ${short} in lakeFS](${lakefsCommitPage(place.lakefsUrl, place.repository, commit.id)}) · [lakefs-mlflow](${place.publicUrl}/)`,
    message === '' ? '(no message)' : toCodeBlock(message),
    madeBy(facts),
  ];
  const tail = [
    '**Runs that read this commit:** paste the filter into the search box of an experiment. The second finds runs that read several commits.',
    toCodeBlock(whereTag(guideTag.commit, commit.id)),
    toCodeBlock(whereTag(inputTag({ repository: place.repository, commit: commit.id }), commit.id)),
  ];
  const room = limits.note - [...head, ...tail].join('\n\n').length;
  return [...head, whatChanged(facts, room), ...tail].join('\n\n');
}

const madeWith: Readonly<Record<ReturnType<typeof operationOf>, string>> = {
  commit: 'Commit',
  merge: 'Merge',
  'cherry-pick': 'Cherry-pick',
  'import-or-squash': 'Import or squash merge',
  root: 'Start of the repository',
};

function madeBy({ commit, branch }: NoteFacts): string {
  const committer = toLine(commit.committer, 200);
  const by = committer === '' ? '' : ` by ${toCode(committer)}`;
  const to = branch === undefined ? '' : ` to branch ${toCode(branch)}`;
  return `${madeWith[operationOf(commit)]}${by}${to}${atTime(commit.creation_date)}`;
}

function atTime(seconds: number): string {
  const date = new Date(seconds * 1_000);
  if (Number.isNaN(date.getTime())) return '';
  return `, ${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function whatChanged(facts: NoteFacts, room: number): string {
  const title = '**What changed:**';
  const all = [...facts.paths, ...facts.emptied];
  if (all.length === 0) return `${title} no data`;
  const lines: string[] = [];
  let left = room - 100;
  for (const path of all) {
    const line = pathLine(facts, path);
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
  }
  const missing = all.length - lines.length;
  if (missing > 0) lines.push(`- and ${count(missing, 'more path')}`);
  return `${title}\n\n${lines.join('\n')}`;
}

function pathLine({ place, commit, complete, emptied }: NoteFacts, path: DatasetPath): string {
  const shown = path.path === '' ? 'the root' : toCode(toLine(path.path, 200) || '/');
  const page = lakefsObjectsPage(place.lakefsUrl, place.repository, commit.id, path.path);
  const linked = page.length > 1_000 ? shown : `[${shown}](${page})`;
  const numbers = complete ? numbersOf(path) : 'too many objects to count';
  return emptied.includes(path) ? `- ${shown}: ${numbers}, now empty` : `- ${linked}: ${numbers}`;
}

/** `3 added, 1 removed, 1.2 MB`. */
export function numbersOf({ added, changed, removed, bytes }: DatasetPath): string {
  const parts = [
    added > 0 ? `${added.toLocaleString('en')} added` : '',
    changed > 0 ? `${changed.toLocaleString('en')} changed` : '',
    removed > 0 ? `${removed.toLocaleString('en')} removed` : '',
    added + changed > 0 ? inBytes(bytes) : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
