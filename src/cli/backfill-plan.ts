import type { RunView } from '../contract/run.js';
import { catalogName } from '../domain/catalog/experiment.js';
import { type BackfillChoice, chooseCommits } from '../domain/sync/backfill.js';
import { entryState, type HistoryCommit } from '../domain/sync/reconcile.js';
import { catalogRunsOf } from '../facts/catalog/history.js';
import { createCommitGraph } from '../facts/commits/commit-graph.js';
import { createHistoryWalk } from '../facts/commits/history-walk.js';
import { readWatchedHeads } from '../facts/commits/watched.js';
import type { ServerAccess } from '../facts/links/access.js';
import { isNotFound } from '../mlflow/api-error.js';
import { CliError } from './output.js';

export interface BackfillPlan {
  /** Commits of the history that were chosen. */
  readonly commits: number;
  readonly present: number;
  /** Those whose entry a person deleted. */
  readonly hidden: number;
  /** Oldest first. */
  readonly missing: readonly { readonly commit: string }[];
}

/** Reads the history and the catalog: a request per 1,000 commits of a line, and one per 500 entries. */
export async function planBackfill(
  servers: readonly ServerAccess[],
  repository: string,
  options: BackfillChoice & { readonly ref?: readonly string[] },
  signal: AbortSignal,
): Promise<BackfillPlan> {
  const [server] = servers;
  const access = server?.installations.all[0];
  if (server === undefined || access === undefined) throw new CliError('no server is configured');
  const { lakefs, settings } = access;
  const { default_branch } = await lakefs.getRepository(repository);
  const heads =
    options.ref === undefined
      ? [...(await readWatchedHeads(access, repository, default_branch)).watched.values()]
      : await Promise.all(options.ref.map(async (ref) => (await lakefs.getCommit(repository, ref)).id));
  const history = createHistoryWalk(createCommitGraph(lakefs, Date.now), repository, signal);
  const found = new Map<string, HistoryCommit>();
  const ends = { isSettled: (id: string): boolean => found.has(id), isEdge: () => false };
  for (const head of new Set(heads)) {
    const { found: fresh } = await history.above(head, ends, { anchors: [] });
    for (const commit of fresh) found.set(commit.id, commit);
  }
  const chosen = chooseCommits([...found.values()], options);
  const { name: installation, catalog } = settings;
  const entries = await entriesOf(server, catalogName({ installation, catalog, repository }), chosen);
  const states = chosen.map(({ id }) => ({ id, state: entryState(entries.get(id) ?? []) }));
  const missing = states.filter(({ state }) => state === 'absent' || state === 'unfinished');
  const hidden = states.filter(({ state }) => state === 'hidden').length;
  return {
    commits: chosen.length,
    present: chosen.length - missing.length - hidden,
    hidden,
    missing: missing.map(({ id }) => ({ commit: id })),
  };
}

async function entriesOf(
  { mlflow }: ServerAccess,
  experiment: string,
  commits: readonly HistoryCommit[],
): Promise<ReadonlyMap<string, readonly RunView[]>> {
  try {
    const { experiment_id, lifecycle_stage } = await mlflow.experiments.getExperimentByName(experiment);
    if (lifecycle_stage === 'deleted') {
      throw new CliError(
        `the catalog experiment "${experiment}" is deleted in MLflow, so no commit of this repository is registered: restore it (mlflow experiments restore -x ${experiment_id})`,
      );
    }
    return await catalogRunsOf(mlflow, experiment_id, commits);
  } catch (error) {
    if (isNotFound(error)) return new Map();
    throw error;
  }
}
