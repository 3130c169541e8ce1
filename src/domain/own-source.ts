import type { ResolvedReference } from './link-of.js';
import type { Ask, Question } from './questions.js';
import type { Reference } from './reference.js';

/**
 * A run asks about so many paths at most whether they were ever changed: that costs a request for each head of the
 * repository. Beyond that only the search for other writers is left, which is one for all datasets of the run.
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
 * - the dataset's name or digest carries the commit: whoever wrote the source named the same one; or
 * - the bytes under the path are the same at every commit that held the path until the run's end: then it does not
 *   matter who wrote it; or
 * - no other run can have written it.
 *
 * @param references all that the run says, of which the questions are counted
 */
export function ownSources(references: readonly Reference[], ask: Ask): IsOwn {
  const datasets = references.filter(({ where }) => where === 'input');
  const paths = new Set(datasets.map(({ address }) => JSON.stringify([address.repository, address.path])));
  const names = new Set(datasets.map(({ name, dataset }) => JSON.stringify([name, dataset?.digest])));
  return (entry) => {
    const { name, dataset } = entry.reference;
    if (dataset === undefined) return true;
    if (carries(name, entry.commit) || carries(dataset.digest, entry.commit)) return true;
    if (paths.size <= maxUnchangedQuestions && ask(unchanged(entry)) !== false) return true;
    return names.size <= maxSoleQuestions && ask({ kind: 'sole', name, digest: dataset.digest }) !== false;
  };
}

/** Among the words of hex digits in a text, one is the beginning of the commit's id. */
function carries(text: string, commit: string): boolean {
  const words = text.toLowerCase().split(/[^0-9a-f]+/);
  return words.some((word) => word.length >= minDigits && commit.startsWith(word));
}

/** As many as lakeFS and Git show. */
const minDigits = 7;

function unchanged({ reference, installation, commit }: ResolvedReference): Question {
  const { repository, path } = reference.address;
  return { kind: 'unchanged', installation, repository, commit, path };
}
