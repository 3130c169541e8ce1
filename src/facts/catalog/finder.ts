import { guideTag, whereTag } from '../../contract/tags.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import { createBatcher } from '../common/batcher.js';
import { createKnownRuns, without } from '../runs/known-runs.js';
import { type FoundRun, firstRuns, searchRuns, toFound } from '../runs/run-pages.js';

/**
 * Finds the catalog runs of commits, one by one or many in one request, whichever is asked for at the time. They go
 * before writes that wait: else all who wait for an answer would write at once, and then all read again.
 */
export interface CatalogFinder {
  /** Remembers a catalog run that was made: those who look for other commits need not read it. */
  made(run: FoundRun): void;
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

/** What is remembered of a catalog run. */
interface Known {
  readonly experimentId: string;
  readonly commit: string;
  readonly time: number;
}

const maxBatch = 50;
const everyMs = 1_000;

/** Commits further apart than this (ms) are looked for by themselves: what lies between them would be read as well. */
const maxGapMs = 10 * 60_000;

/** A catalog run in an answer costs MLflow 1.1 ms, a search for one commit 5 ms and more. */
const maxOthers = 3;

/**
 * MLflow has neither IN nor OR for tags. But a catalog run starts at its commit's time, which is part of what the
 * commit's id is made of, and MLflow never changes a start time: so one window of time holds the runs of all commits
 * of that time. It may hold those of many others, made in the same seconds: those that we know are left out by their
 * ids.
 */
export function createCatalogFinder(mlflow: MlflowClients): CatalogFinder {
  const known = createKnownRuns<Known>();
  const find = createBatcher<Question, readonly FoundRun[]>(
    (questions) => {
      const answers = new Map(neighbours(questions).flatMap(askGroup));
      return questions.map((question) => answers.get(question) ?? findOne(question));
    },
    { maxBatch, everyMs, whenFree: () => mlflow.whenFree() },
  );

  function remember(run: FoundRun): void {
    const commit = run.tags.get(guideTag.commit);
    if (commit === undefined) return;
    known.remember(run.id, { experimentId: run.experimentId, commit, time: run.startTime ?? 0 });
  }

  function askGroup(
    group: readonly Question[],
  ): readonly (readonly [Question, Promise<readonly FoundRun[]>])[] {
    const window = group.length > 1 ? readWindow(group) : Promise.resolve(undefined);
    return group.map((question) => [
      question,
      window.then(
        (runs) => runs?.filter(({ tags }) => tags.get(guideTag.commit) === question.id) ?? findOne(question),
      ),
    ]);
  }

  async function findOne({ experimentId, id }: Question): Promise<readonly FoundRun[]> {
    const filter = whereTag(guideTag.commit, id);
    const found = await searchRuns(mlflow, [experimentId], filter, 'ALL', { urgent: true });
    for (const run of found) remember(run);
    return found;
  }

  /** Undefined where there is more in the window than is worth reading. */
  async function readWindow(group: readonly Question[]): Promise<readonly FoundRun[] | undefined> {
    const times = group.map(({ time }) => time);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    const experiment = group[0]?.experimentId ?? '';
    const wanted = new Set(group.map(({ id }) => id));
    const others = known.idsWhere(
      ({ experimentId, commit, time }) =>
        experimentId === experiment && time >= first && time <= last && !wanted.has(commit),
    );
    const inTime = `attributes.start_time >= ${first} AND attributes.start_time <= ${last}`;
    const filter = `${inTime}${without(others)}`;
    let whole = true;
    const page = await firstRuns(mlflow, experiment, filter, group.length * maxOthers, {
      view: 'ALL',
      urgent: true,
      onTooLarge: () => {
        whole = false;
      },
    });
    const runs = page.runs.map(toFound);
    for (const run of runs) remember(run);
    return whole && !page.more ? runs : undefined;
  }

  return { made: remember, find: (experimentId, { id, time }) => find({ experimentId, id, time }) };
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
