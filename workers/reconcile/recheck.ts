import type { RunView } from '../../src/contract/run.js';
import { catalogKind, ourTag } from '../../src/contract/tags.js';
import { completeHistory } from '../../src/contract/words.js';
import { chooseCatalogRun } from '../../src/domain/catalog/plan.js';
import { aboveOldest, type Commits, checkCatalog } from '../../src/domain/sync/recheck.js';
import { entryState, firstParentLabels, type HistoryCommit } from '../../src/domain/sync/reconcile.js';
import { allCatalogRuns } from '../../src/facts/catalog/history.js';
import { isNotActive } from '../../src/mlflow/api-error.js';
import type { JobOutcome } from '../../src/queue/types.js';
import { writeToRun } from '../register/catalog.js';
import { writeLife } from '../register/commit-life.js';
import { isUnreadable } from './heads.js';
import { horizonOf, storeEdge } from './horizon.js';
import { describeMissing, recheckSummary } from './log.js';
import { queueMissing } from './missing.js';
import { distinctHeads, maxAnchors, type Pass } from './pass.js';

const atOnce = 8;
/** Progress is a write to the queue: not one for each of 2,000 branches. */
const reportEvery = 50;

/**
 * Compares every commit above the horizon with the catalog, whatever `lakefs.history = complete` says there, for
 * catalogs in which some of these marks are wrong. Takes wrong marks away before it queues what is missing, so that
 * the ordinary checks find it again where the queue is lost; they mark the heads once all is registered.
 *
 * Costs a request to lakeFS per 1,000 commits of each line back to the horizon (to the beginning of the repository,
 * where the edge was never stored), to MLflow a page per 500 entries, and a write per mark. Throws what the clients throw.
 */
export async function recheck(pass: Pass): Promise<JobOutcome> {
  const { mlflow, experimentId, context, key, reconcileMemory } = pass;
  const edge = await horizonOf(pass);
  const { history, unreadable } = await readHistory(pass, edge);
  await context.progress(40);
  const entries = await allCatalogRuns(mlflow, experimentId);
  await context.progress(60);
  const ofCommit = (commit: string) => entries.get(commit) ?? [];
  const heads = distinctHeads(pass);
  const headIds = heads.map(({ head }) => head);
  const isRegistered = (commit: string): boolean => isKnown(ofCommit(commit));
  const oldest = edge.size > 0 ? undefined : aboveOldest(history, isRegistered, headIds);
  // Before a mark is taken away: without one an ordinary check would go down to the beginning of the repository.
  if (oldest !== undefined) await storeEdge(oldest.edge, pass);
  const above = oldest?.above ?? history;
  const { missing, wrong, complete } = checkCatalog(
    above,
    (commit) => entryState(ofCommit(commit)),
    [...entries].filter(([, runs]) => runs.some(isMarked)).map(([commit]) => commit),
    headIds,
  );

  await inBatches(wrong, async (commit) => {
    for (const { id } of ofCommit(commit).filter(isMarked))
      await unlessDeleted(writeLife(mlflow, id, { set: new Map(), remove: [ourTag.history] }));
  });
  const labels = firstParentLabels(heads, above);
  const wanted = missing.map((commit) => {
    const branch = labels.get(commit);
    return branch === undefined ? { commit } : { commit, branch };
  });
  const { queued, failed } = await queueMissing(wanted, pass);
  if (wanted.length > 0) await context.log(describeMissing(wanted));
  let marked = 0;
  await inBatches(complete, async (commit) => {
    const { run } = chooseCatalogRun(ofCommit(commit));
    if (run === undefined || isMarked(run)) return;
    marked += 1;
    await unlessDeleted(writeToRun(mlflow, run.id, new Map([[ourTag.history, completeHistory]])));
  });
  // What the ordinary checks remember was read before.
  reconcileMemory.forget(key);
  const counts = {
    ...{ branches: pass.heads.size, looked: heads.length - unreadable, commits: above.size, queued, failed },
    ...{ completed: marked, wrong: wrong.length, unreadable },
  };
  return { summary: recheckSummary(counts), counts };

  async function inBatches(
    commits: readonly string[],
    work: (commit: string) => Promise<void>,
  ): Promise<void> {
    for (let start = 0; start < commits.length; start += atOnce) {
      context.signal.throwIfAborted();
      await Promise.all(commits.slice(start, start + atOnce).map(work));
    }
  }
}

/** The history of all heads down to the edge, or to the beginning where there is none; parents first. */
async function readHistory(
  pass: Pass,
  edge: ReadonlySet<string>,
): Promise<{ readonly history: Commits; readonly unreadable: number }> {
  const history = new Map<string, HistoryCommit>();
  const ends = {
    // What was read for one head need not be read for the next.
    isSettled: (commit: string): boolean => history.has(commit),
    isEdge: (commit: string): boolean => edge.has(commit),
  };
  const anchors = [...edge].slice(0, maxAnchors);
  const heads = distinctHeads(pass, edge);
  let unreadable = 0;
  for (const [index, { head }] of heads.entries()) {
    try {
      const { found } = await pass.history.above(head, ends, { anchors });
      for (const commit of found) history.set(commit.id, commit);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable += 1;
    }
    if (index % reportEvery === 0) await pass.context.progress(10 + (30 * index) / heads.length);
  }
  return { history, unreadable };
}

/** An entry that a person deleted counts: it was registered. One of an earlier repository does not. */
function isKnown(runs: readonly RunView[]): boolean {
  return runs.some(({ tags }) => tags.kind === catalogKind.commit && !tags.isGone);
}

function isMarked({ active, tags }: RunView): boolean {
  return active && tags.isComplete && !tags.isGone;
}

/** A person may delete a run at any time: then it needs no mark. */
async function unlessDeleted(write: Promise<void>): Promise<void> {
  await write.catch((error: unknown) => {
    if (!isNotActive(error)) throw error;
  });
}
