import { setTimeout as wait } from 'node:timers/promises';
import type { LakefsActionRun, LakefsClient } from '../lakefs/types.js';
import { actionName } from './action-file.js';
import { answerIn, errorIn } from './hook-refusal.js';
import { reasonOf } from './reason-of.js';
import { onTemporaryBranch } from './temporary-branch.js';

export interface DeliveryCheck {
  /** The commit of the event. */
  readonly commit: string;
  /** `first`: that of the commit that added or changed the file. `newest`: that of the branch's head. */
  readonly event: 'first' | 'newest' | 'test';
  readonly sent: Announcement;
  /** Something that a person should clean up. */
  readonly warning?: string;
}

export interface CheckedBranch {
  readonly lakefs: LakefsClient;
  readonly repository: string;
  /** A branch whose head has our file. */
  readonly branch: string;
  /** Metadata of the test commit, for checks of the repository that require it. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Checks whether the event of the commit that `install` has just made was delivered. Never rejects. */
export async function checkFirstEvent(
  { lakefs, repository, branch }: CheckedBranch,
  commit: string,
): Promise<DeliveryCheck> {
  const sent = await findAnnouncement(lakefs, repository, commit).catch(
    unchecked({ lakefs, repository, branch }),
  );
  return { commit, event: 'first', sent };
}

/**
 * Checks whether lakeFS delivers events of a branch that already has the file. If the event of its head was delivered,
 * that is the answer. Otherwise an empty commit on a temporary branch, which is never merged, makes lakeFS send one
 * now. Never rejects.
 */
export async function checkDelivery(place: CheckedBranch): Promise<DeliveryCheck> {
  const { lakefs, repository, branch } = place;
  let commit = '';
  let newest: Announcement = { state: 'unknown' };
  try {
    commit = (await lakefs.getBranch(repository, branch)).commit_id;
    // If the log cannot be read, the test event says why.
    newest = await findAnnouncement(lakefs, repository, commit, 0).catch(() => newest);
    if (newest.state === 'delivered') return { commit, event: 'newest', sent: newest };
    return await sendTestEvent(place, commit);
  } catch (error) {
    if (newest.state === 'failed') return { commit, event: 'newest', sent: newest };
    return { commit, event: 'test', sent: await unchecked(place)(error) };
  }
}

async function sendTestEvent(place: CheckedBranch, head: string): Promise<DeliveryCheck> {
  const { lakefs, repository, metadata } = place;
  const { answer, leftover } = await onTemporaryBranch(lakefs, { repository, head }, async (name) => {
    const { id } = await lakefs.commit(repository, name, {
      // The name is unique: two equal commits within a second have one id, and the run of the older one would be found.
      message: `Test whether lakeFS delivers events, on ${name}`,
      allow_empty: true,
      ...(metadata !== undefined && { metadata }),
    });
    return { commit: id, sent: await findAnnouncement(lakefs, repository, id) };
  });
  return { ...answer, event: 'test', ...(leftover !== undefined && { warning: leftover }) };
}

function unchecked(place: CheckedBranch): (error: unknown) => Promise<Announcement> {
  return async (error) => ({ state: 'unchecked', detail: await reasonOf(error, place) });
}

/** What lakeFS's Actions log says about the event of one commit. */
export type Announcement =
  | { readonly state: 'delivered' }
  /** `detail`: lakeFS's own words and the answer that it received, in one line. */
  | { readonly state: 'failed'; readonly detail: string }
  /** No run so far: it is still running, or lakeFS silently failed to start it. */
  | { readonly state: 'unknown' }
  /** `detail`: why it could not be checked, in one line. */
  | { readonly state: 'unchecked'; readonly detail: string };

/** The action file allows 10 s for a delivery; then lakeFS lists the run. */
const announcementPatienceMs = 12_000;

/**
 * Waits until lakeFS has sent the event of a commit, at most `patienceMs`; 0 checks once. lakeFS lists a run
 * only when all its hooks are done, and none at all if a variable is missing in its environment: the usual mistake of a
 * first installation, which shows nowhere else.
 */
async function findAnnouncement(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  patienceMs = announcementPatienceMs,
): Promise<Announcement> {
  const end = Date.now() + patienceMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 1.5, 500)) {
    const run = await postRun(lakefs, repository, commit);
    if (run !== undefined) return outcomeOf(lakefs, repository, run);
    if (Date.now() >= end) return { state: 'unknown' };
    await wait(pauseMs);
  }
}

/** The events of our action. */
const announcing: readonly string[] = ['post-commit', 'post-merge', 'post-revert', 'post-cherry-pick'];

async function postRun(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
): Promise<LakefsActionRun | undefined> {
  for await (const run of lakefs.actionRuns(repository, { commit })) {
    if (announcing.includes(run.event_type)) return run;
  }
  return undefined;
}

async function outcomeOf(
  lakefs: LakefsClient,
  repository: string,
  { run_id }: LakefsActionRun,
): Promise<Announcement> {
  for await (const hook of lakefs.hookRuns(repository, run_id)) {
    if (hook.action !== actionName) continue;
    if (hook.status === 'completed') return { state: 'delivered' };
    const output = await lakefs.hookOutput(repository, run_id, hook.hook_run_id);
    const answer = answerIn(output);
    const error = errorIn(output) || 'lakeFS does not say why';
    return { state: 'failed', detail: answer === '' ? error : `${error}; the answer was: ${answer}` };
  }
  return { state: 'unknown' };
}
