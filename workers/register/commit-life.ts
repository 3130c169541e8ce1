import { noDifference, type TagDiff } from '../../src/contract/diff-tags.js';
import type { Link, RunView } from '../../src/contract/run.js';
import { ourTag } from '../../src/contract/tags.js';
import type { CommitKey } from '../../src/contract/words.js';
import { planCommitLife } from '../../src/domain/catalog/life.js';
import { agreesWith, hasChanged, hasOtherLabel, isBeyondCut } from '../../src/domain/links/consumer-state.js';
import { hasStatus } from '../../src/domain/links/readings.js';
import type { LinkState } from '../../src/domain/status/link-state.js';
import { branchOfRun } from '../../src/facts/links/propose.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import { isNotFound } from '../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { NewJob } from '../../src/queue/types.js';
import { writeToRun } from './catalog.js';

/** What a catalog run should say of its commit's data, and jobs for the consumers that say something else. */
export interface CommitLifePlan {
  readonly plan: TagDiff;
  readonly jobs: readonly NewJob<'link-run'>[];
}

/** Where the branches point is remembered for 10 s: another process may still decide by what it remembers. */
const settledMs = 11_000;

/**
 * Decides what a catalog run says of the life of its commit's data. Only of one that runs have consumed: what becomes
 * of the others is not followed, so it would be true on the day of their registration only.
 *
 * Costs what the states cost (src/facts/links/link-state.ts): a request for where the branches point, and some for each path
 * that runs read at the commit, however many runs these are.
 *
 * @param changed the dataset paths that the commit changed
 * @throws what the clients throw
 */
export async function planLife(
  facts: ServerFacts,
  key: CommitKey,
  {
    run,
    consumers,
    changed,
    branch,
    hidden = false,
  }: {
    readonly run: RunView;
    readonly consumers: readonly RunView[];
    readonly changed: readonly string[];
    /** The label of the catalog run. */
    readonly branch?: string | undefined;
    /** True where others may have consumed it whom we cannot see. */
    readonly hidden?: boolean;
  },
): Promise<CommitLifePlan> {
  const states = facts.statesIn(key.installation);
  const isConsumed = consumers.length > 0 || run.tags.has(ourTag.consumed);
  if (states === undefined || !isConsumed) return { plan: noDifference, jobs: [] };
  // Whoever checks once a commit is marked as consumed sees the newest heads: what moves later finds the mark.
  if (consumers.length > 0) states.forgetHeads(key.repository);
  const state = await states.ofCommit(key.repository, key.commit, changed);
  const promotedTo = await states.promotedTo(key.repository, key.commit, changed);
  const judged = await Promise.all(
    consumers.map(async (consumer) => {
      const own = await statesOf(facts, key, consumer);
      return { consumer, own, cut: isBeyondCut(consumer.tags, own) };
    }),
  );
  const seen = judged.flatMap(({ own, cut }) => (cut ? [state] : own));
  const unseen: LinkState = { status: 'unknown', reason: 'some of its consumers may be hidden from us' };
  const consumed = hidden ? [...seen, unseen] : seen;
  const hasMoved = hasChanged(run.tags, state);
  const stale = judged.filter(
    ({ consumer: { tags }, own, cut }) =>
      (cut ? hasMoved : !agreesWith(tags, own, key)) || hasOtherLabel(tags, branch, key),
  );
  return {
    plan: planCommitLife(run.tags, { state, promotedTo, consumed }),
    jobs: isObserved(facts, key) ? [] : stale.map(({ consumer }) => linkJob(facts.access.name, consumer.id)),
  };
}

/** Writes what differs; safe to run twice. */
export async function writeLife(mlflow: MlflowClients, run: string, { set, remove }: TagDiff): Promise<void> {
  await writeToRun(mlflow, run, set);
  for (const tag of remove) {
    await mlflow.runs.deleteTag(run, tag).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

function linkJob(server: string, run: string): NewJob<'link-run'> {
  return { name: 'link-run', payload: { v: 1, server, run }, cause: 'reconcile', delayMs: settledMs };
}

function isObserved({ access }: ServerFacts, { installation }: CommitKey): boolean {
  return access.installations.observes([installation]);
}

/**
 * Of the links that lead to the commit and have a status. A run without our list of links has a job that makes it one.
 */
async function statesOf(facts: ServerFacts, key: CommitKey, run: RunView): Promise<readonly LinkState[]> {
  const isOfCommit = (link: Link): boolean =>
    link.commit === key.commit &&
    link.repository === key.repository &&
    link.installation === key.installation;
  const links = run.tags.linksTag.links.filter((link) => isOfCommit(link) && hasStatus(link));
  const own = branchOfRun(run);
  return Promise.all(links.map((link) => facts.stateOf(link, own)));
}
