import { literalPart } from '../paths/path.js';
import type { Reference } from '../references/reference.js';
import type { ResolvedReference } from './link-of.js';
import type { Ask, Question } from './questions.js';

/**
 * A run asks about so many paths at most whether they were ever changed: that costs a request for each head of the
 * repository. Beyond that it asks once, about the directory that holds all it read of a repository, and
 * only where another run may have written a source.
 */
const maxUnchangedQuestions = 20;
/** So many datasets of a run are looked up at most, some fifty in one search. */
const maxSoleQuestions = 1_000;

/**
 * Tells whether the source that MLflow shows for a dataset is the one that this run gave. Optimistic while a question
 * is open: the answer is final once none is.
 */
export type IsOwn = (entry: ResolvedReference) => boolean;

/**
 * MLflow shares one source among all runs of an experiment with equal dataset name and digest: the first writer's. A
 * digest covers the frame that was logged, which may be part of the file, so it does not say where the frame came from.
 * The source counts as the run's own where
 *
 * - the dataset's name or digest carries the commit, or the digest is made of the source: whoever wrote the source
 *   named the same one; or
 * - the bytes under the path are the same at every commit that held the path until the run's end: then it does not
 *   matter who wrote it; or
 * - no other run can have written it.
 *
 * That the frame is the whole file of the commit proves nothing, so the file is not read. Say that the digest covers all
 * values and that the frame has all columns and rows of the file: then the run worked with rows equal to those of the
 * file. It may have taken them from another version: one that has a column or some rows more, which the script left
 * out; or one whose values the script corrected, clipped or filled in. Only the same bytes in every version exclude it,
 * and then the frame is not needed.
 *
 * @param references all that the run says, of which the questions are counted
 */
export function ownSources(references: readonly Reference[], ask: Ask): IsOwn {
  const datasets = references.filter(({ where }) => where === 'input');
  const paths = new Set(datasets.map(({ address }) => JSON.stringify([address.repository, address.path])));
  const directories = paths.size > maxUnchangedQuestions ? commonDirectories(datasets) : undefined;
  const names = new Set(datasets.map(({ name, dataset }) => JSON.stringify([name, dataset?.digest])));
  return (entry) => {
    const { name, dataset } = entry.reference;
    if (dataset === undefined) return true;
    if (dataset.digestOfSource || carries(name, entry.commit) || carries(dataset.digest, entry.commit))
      return true;
    const { repository, path } = entry.reference.address;
    const isSole = (): boolean =>
      names.size <= maxSoleQuestions && ask({ kind: 'sole', name, digest: dataset.digest }) !== false;
    const isUnchanged = (at: string | undefined): boolean =>
      at !== undefined && ask(unchanged(entry, at)) !== false;
    // Of many datasets the writers are cheaper to ask for: some fifty in one search.
    if (directories !== undefined) return isSole() || isUnchanged(directories.get(repository));
    return isUnchanged(path) || isSole();
  };
}

/** Among the words of hex digits in a text, one is the beginning of the commit's id. */
function carries(text: string, commit: string): boolean {
  const words = text.toLowerCase().split(/[^0-9a-f]+/);
  return words.some((word) => word.length >= minDigits && commit.startsWith(word));
}

/** As many as lakeFS and Git show. */
const minDigits = 7;

/** What did not change in a directory did not change in any path below it. A repository's root is left out: it changes. */
function commonDirectories(datasets: readonly Reference[]): ReadonlyMap<string, string> {
  const found = new Map<string, readonly string[]>();
  for (const { address } of datasets) {
    const parts = literalPart(address.path).split('/').slice(0, -1);
    const known = found.get(address.repository) ?? parts;
    const differs = known.findIndex((part, n) => part !== parts[n]);
    found.set(address.repository, differs < 0 ? known : known.slice(0, differs));
  }
  return new Map(
    [...found].flatMap(([repository, parts]) =>
      parts.length === 0 ? [] : [[repository, `${parts.join('/')}/`] as const],
    ),
  );
}

function unchanged({ reference, installation, commit }: ResolvedReference, path: string): Question {
  const { repository } = reference.address;
  return { kind: 'unchanged', installation, repository, commit, path };
}
