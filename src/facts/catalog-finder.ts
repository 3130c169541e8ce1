import type { MlflowClients } from '../mlflow/clients.js';
import { createGather } from './gather.js';
import { type FoundRun, searchRuns, toFound } from './search-runs.js';

/** Finds the catalog runs of commits, one by one or many in one request, whichever is asked for at the time. */
export interface CatalogFinder {
  /**
   * All runs of a catalog experiment that stand for the commit, deleted ones and doubles included. Throws what the
   * MLflow client throws.
   *
   * @param commit with the start time of its run, Unix ms
   */
  find(
    experimentId: string,
    commit: { readonly id: string; readonly time: number },
  ): Promise<readonly FoundRun[]>;
}

interface Question {
  readonly experimentId: string;
  readonly id: string;
  readonly time: number;
}

const maxBatch = 50;

/** Commits further apart than this (ms) are looked for by themselves: what lies between them would be read as well. */
const maxGapMs = 10 * 60_000;

/** A catalog run in an answer costs MLflow 1.1 ms, a search for one commit 5 ms and more. */
const maxOthers = 3;

/**
 * MLflow has neither IN nor OR for tags. But a catalog run starts at its commit's time, which is part of what the
 * commit's id is made of, and MLflow never changes a start time: so one window of time holds the runs of all commits
 * of that time.
 */
export function createCatalogFinder(mlflow: MlflowClients): CatalogFinder {
  const find = createGather<Question, readonly FoundRun[]>((questions) => {
    const answers = new Map(neighbours(questions).flatMap(askGroup));
    return questions.map((question) => answers.get(question) ?? findOne(question));
  }, maxBatch);

  function askGroup(
    group: readonly Question[],
  ): readonly (readonly [Question, Promise<readonly FoundRun[]>])[] {
    const window = group.length > 1 ? readWindow(group) : Promise.resolve(undefined);
    return group.map((question) => [
      question,
      window.then(
        (runs) => runs?.filter(({ tags }) => tags.get('lakefs_commit') === question.id) ?? findOne(question),
      ),
    ]);
  }

  function findOne({ experimentId, id }: Question): Promise<readonly FoundRun[]> {
    return searchRuns(mlflow, [experimentId], `tags.lakefs_commit = '${id}'`, 'ALL');
  }

  /** Undefined where there is more in the window than is worth reading. */
  async function readWindow(group: readonly Question[]): Promise<readonly FoundRun[] | undefined> {
    const times = group.map(({ time }) => time);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    const page = await mlflow.runs.searchRuns(
      [...new Set(group.map(({ experimentId }) => experimentId))],
      `attributes.start_time >= ${first} AND attributes.start_time <= ${last}`,
      'ALL',
      group.length * maxOthers,
    );
    const isWhole = page.next_page_token === undefined || page.next_page_token === '';
    return isWhole ? (page.runs ?? []).map(toFound) : undefined;
  }

  return { find: (experimentId, { id, time }) => find({ experimentId, id, time }) };
}

/** The questions of one experiment in groups of commits that lie close together. */
function neighbours(questions: readonly Question[]): readonly (readonly Question[])[] {
  const sorted = [...questions].sort(
    (a, b) => a.experimentId.localeCompare(b.experimentId) || a.time - b.time,
  );
  const groups: Question[][] = [];
  for (const question of sorted) {
    const last = groups.at(-1)?.at(-1);
    const isClose = last?.experimentId === question.experimentId && question.time - last.time <= maxGapMs;
    if (isClose) groups.at(-1)?.push(question);
    else groups.push([question]);
  }
  return groups;
}
