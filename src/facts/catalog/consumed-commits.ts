import type { RunView } from '../../contract/run.js';
import { guideTag, isReadTag, ourTag, whereTag } from '../../contract/tags.js';

import type { MlflowClients } from '../../mlflow/clients.js';
import type { Run } from '../../mlflow/types.js';
import { createBatcher } from '../common/batcher.js';
import { firstRuns, leftOut, runPages } from '../runs/run-pages.js';
import { viewOf } from '../runs/run-view.js';

/** A commit that runs read, as its catalog run says it. */
export interface ConsumedCommit {
  /** 64 lower-case hex digits. */
  readonly commit: string;
  /** `lakefs.status`, of the paths that the commit changed. */
  readonly status: string | undefined;
  /** The best status of what runs read there. */
  readonly consumedStatus: string | undefined;
  /** `lakefs.promoted_to`. */
  readonly promotedTo: string | undefined;
  /** Paths that runs read there; the root is empty. */
  readonly readPaths: readonly string[];
  /** Dataset paths that the commit changed; the root is empty. */
  readonly changedPaths: readonly string[];
}

/** Finds the commits of a repository that runs read, for one or for all who ask at the same time. */
export interface ConsumedCommits {
  /**
   * All of which something is current, and the newest of the others: a revert of a revert may have restored one.
   * Throws what the MLflow client throws.
   *
   * @param catalogId the repository's catalog experiment
   * @param others how many of the others at least
   */
  of(catalogId: string, others: number): Promise<readonly ConsumedCommit[]>;
}

interface Question {
  readonly catalogId: string;
  readonly others: number;
}

const isConsumed = whereTag(ourTag.consumed, 'yes');

/** Commits that are half written wait for it: behind writes that begin others it would hold all of them up. */
const goesFirst = { urgent: true, onTooLarge: leftOut } as const;

const maxBatch = 500;
const everyMs = 1_000;

/** So many consumed commits of a catalog are read at once; where there are more, those that matter are asked for. */
const maxFew = 100;

/**
 * Costs a search where runs read few commits of the repository, else two, one for the current ones (a page per 500 of
 * them) and one for the others. All who wait at the same time share it: when many commits come at once each would read
 * the same.
 */
export function createConsumedCommits(mlflow: MlflowClients): ConsumedCommits {
  /** Catalogs in which there were more than a few at the last reading: once so, it stays so. */
  const large = new Set<string>();
  const ask = createBatcher<Question, readonly ConsumedCommit[]>(
    (questions) => {
      const most = new Map<string, number>();
      for (const { catalogId, others } of questions)
        most.set(catalogId, Math.max(others, most.get(catalogId) ?? 0));
      const answers = new Map([...most].map(([catalogId, others]) => [catalogId, read(catalogId, others)]));
      return questions.map(({ catalogId, others }) => answers.get(catalogId) ?? read(catalogId, others));
    },
    { maxBatch, everyMs, whenFree: () => mlflow.whenFree() },
  );

  async function read(catalogId: string, others: number): Promise<readonly ConsumedCommit[]> {
    const few = large.has(catalogId) ? undefined : await readFew(catalogId);
    if (few !== undefined) return few;
    large.add(catalogId);
    const [current, rest] = await Promise.all([readCurrent(catalogId), readOthers(catalogId, others)]);
    return [...current, ...rest];
  }

  /** All that there are; undefined where they are many. */
  async function readFew(catalogId: string): Promise<readonly ConsumedCommit[] | undefined> {
    const page = await firstRuns(mlflow, catalogId, isConsumed, maxFew, goesFirst);
    if (page.more) return undefined;
    return toCommits(page.runs).filter((commit) => commit.consumedStatus !== undefined);
  }

  async function readCurrent(catalogId: string): Promise<readonly ConsumedCommit[]> {
    const found: ConsumedCommit[] = [];
    for await (const page of runPages(
      mlflow,
      [catalogId],
      `${isConsumed} AND ${whereTag(ourTag.consumedStatus, 'current')}`,
      goesFirst,
    ))
      found.push(...toCommits(page));
    return found;
  }

  async function readOthers(catalogId: string, limit: number): Promise<readonly ConsumedCommit[]> {
    const filter = `${isConsumed} AND ${whereTag(ourTag.consumedStatus, 'current', '!=')}`;
    const newest = 'attributes.start_time DESC';
    const page = await firstRuns(mlflow, catalogId, filter, limit, { ...goesFirst, order: newest });
    return toCommits(page.runs);
  }

  return { of: (catalogId, others) => ask({ catalogId, others }) };
}

function toCommits(runs: readonly Run[]): readonly ConsumedCommit[] {
  return runs.flatMap((run) => consumedCommit(viewOf(run)));
}

/** None where somebody took the commit's id out of its catalog run. */
function consumedCommit(run: RunView): readonly ConsumedCommit[] {
  const { tags } = run;
  const commit = tags.get(guideTag.commit);
  if (commit === undefined) return [];
  return [
    {
      commit,
      status: tags.get(ourTag.status),
      consumedStatus: tags.get(ourTag.consumedStatus),
      promotedTo: tags.get(ourTag.promotedTo),
      readPaths: [...tags].flatMap(([key, value]) => (isReadTag(key) ? [value === '/' ? '' : value] : [])),
      changedPaths: run.inputs.flatMap(({ source }) => {
        const uri = /^\{"uri":("s3:.*")\}$/.exec(source)?.[1];
        return uri === undefined ? [] : [String(JSON.parse(uri)).split('/').slice(4).join('/')];
      }),
    },
  ];
}
