import { limits } from '../../contract/limits.js';
import { parsedTags } from '../../contract/links-tag.js';
import type { RunView } from '../../contract/run.js';
import { guideTag, ourTag, whereTag } from '../../contract/tags.js';
import { completeHistory, gone } from '../../contract/words.js';
import type { HistoryCommit } from '../../domain/sync/reconcile.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import { leftOut, runPages } from '../runs/run-pages.js';
import { viewOf } from '../runs/run-view.js';

/** More commits than this are looked up by pages of the catalog, not one by one. */
const maxSearches = 20;

/**
 * The catalog's runs by commit, deleted ones included, for the commits that are asked for. Costs a search per commit
 * for up to 20, else one per 500 runs of the time in which the commits were made (of all where that is not known). Throws what the MLflow client throws.
 */
export async function catalogRunsOf(
  mlflow: MlflowClients,
  experimentId: string,
  commits: readonly Pick<HistoryCommit, 'id' | 'creation_date'>[],
): Promise<ReadonlyMap<string, readonly RunView[]>> {
  const found = new Map<string, RunView[]>(commits.map(({ id }) => [id, []]));
  const filters =
    commits.length > maxSearches
      ? [timeFilter(commits)]
      : commits.map(({ id }) => whereTag(guideTag.commit, id));
  await Promise.all(
    filters.map(async (filter) => {
      for await (const page of runPages(mlflow, [experimentId], filter, {
        view: 'ALL',
        onTooLarge: leftOut,
      })) {
        for (const run of page.map(viewOf)) found.get(run.tags.get(guideTag.commit) ?? '')?.push(run);
      }
    }),
  );
  return new Map([...found].map(([commit, runs]) => [commit, distinct(runs)]));
}

/** What the reconciler needs; a run's description alone may be 8 kB, and here all runs are held at once. */
const lookedAt: readonly string[] = [ourTag.kind, ourTag.status, ourTag.history];

/**
 * All of a catalog's runs by commit, deleted ones included, without inputs and with no tags but those that say what the
 * run stands for and how far it is. A page per 500. Throws what the MLflow client throws.
 */
export async function allCatalogRuns(
  mlflow: MlflowClients,
  experimentId: string,
): Promise<ReadonlyMap<string, readonly RunView[]>> {
  const found = new Map<string, RunView[]>();
  for await (const page of runPages(mlflow, [experimentId], '', { view: 'ALL' })) {
    for (const run of page.map(viewOf)) {
      const commit = run.tags.get(guideTag.commit);
      if (commit === undefined) continue;
      const tags = parsedTags([...run.tags].filter(([key]) => lookedAt.includes(key)));
      found.set(commit, [...(found.get(commit) ?? []), { ...run, tags, params: new Map(), inputs: [] }]);
    }
  }
  return new Map([...found].map(([commit, runs]) => [commit, distinct(runs)]));
}

/** A catalog run starts when its commit was made; MLflow lets nobody change that later. */
function timeFilter(commits: readonly Pick<HistoryCommit, 'id' | 'creation_date'>[]): string {
  let [from, to] = [Number.POSITIVE_INFINITY, 0];
  for (const { creation_date } of commits) {
    if (creation_date === undefined) return '';
    const seconds = Math.min(Math.max(Math.trunc(creation_date), 0), limits.time / 1_000);
    from = Math.min(from, seconds);
    to = Math.max(to, seconds);
  }
  return `attributes.start_time >= ${from * 1_000} AND attributes.start_time <= ${to * 1_000}`;
}

/** A run can show on two pages. */
function distinct(runs: readonly RunView[]): readonly RunView[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}

/** What the catalog of a repository says about its own completeness. */
export interface CatalogHistory {
  /** Commits marked `lakefs.history = complete`. */
  readonly complete: ReadonlySet<string>;
  /** Commits whose run was begun and not finished. */
  readonly unfinished: readonly string[];
}

/** Two searches, with a page per 500 commits that are marked. Throws what the MLflow client throws. */
export async function readCatalogHistory(
  mlflow: MlflowClients,
  experimentId: string,
): Promise<CatalogHistory> {
  const marked = await commitsWhere(mlflow, experimentId, whereTag(ourTag.history, completeHistory));
  const unfinished = await commitsWhere(mlflow, experimentId, "attributes.status = 'RUNNING'");
  return { complete: new Set(marked), unfinished };
}

/** The commits that an earlier repository of the name had; `lakefs.status = gone`. */
export async function goneCommits(mlflow: MlflowClients, experimentId: string): Promise<readonly string[]> {
  const commits: string[] = [];
  for await (const page of runPages(mlflow, [experimentId], whereTag(ourTag.status, gone), {
    onTooLarge: leftOut,
  }))
    commits.push(...page.flatMap((run) => viewOf(run).tags.get(guideTag.commit) ?? []));
  return [...new Set(commits)];
}

async function commitsWhere(
  mlflow: MlflowClients,
  experimentId: string,
  filter: string,
): Promise<readonly string[]> {
  const commits: string[] = [];
  for await (const page of runPages(mlflow, [experimentId], filter, { onTooLarge: leftOut })) {
    for (const { tags } of page.map(viewOf)) {
      const commit = tags.get(guideTag.commit);
      // Entries of a repository that was recreated under its name say nothing about this one.
      if (commit !== undefined && !tags.isGone) commits.push(commit);
    }
  }
  return [...new Set(commits)];
}
