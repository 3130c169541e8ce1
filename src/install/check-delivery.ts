import { setTimeout as wait } from 'node:timers/promises';
import type { LakefsActionRun, LakefsClient } from '../lakefs/types.js';
import { actionName } from './action-file.js';
import { answerIn, errorIn } from './hook-refusal.js';
import { reasonOf } from './reason-of.js';
import { onTemporaryBranch } from './temporary-branch.js';

export interface DeliveryCheck {
  /** Of which commit the event was. */
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
  /** Of the commit that is made: what checks of the repository demand. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Whether the event of the commit that `install` has just made was delivered. Never rejects. */
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
 * Whether lakeFS delivers events of a branch that has the file already. Where the event of its head was delivered, that
 * is the answer. Else lakeFS is made to send one now: that of an empty commit on a temporary branch, which is never
 * merged. Never rejects.
 */
export async function checkDelivery(place: CheckedBranch): Promise<DeliveryCheck> {
  const { lakefs, repository, branch } = place;
  let commit = '';
  let newest: Announcement = { state: 'unknown' };
  try {
    commit = (await lakefs.getBranch(repository, branch)).commit_id;
    // A log that cannot be read hides nothing: the test event says why.
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
      // The name is new each time: two equal commits of one second have one id, and the older one's run would be found.
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
  /** `detail`: lakeFS's own words and the answer that it got, in one line. */
  | { readonly state: 'failed'; readonly detail: string }
  /** No run so far: it is still under way, or lakeFS could not start it and tells nobody. */
  | { readonly state: 'unknown' }
  /** `detail`: why nobody could find out, in one line. */
  | { readonly state: 'unchecked'; readonly detail: string };

/** The action file gives a delivery 10 s; then lakeFS writes the run down. */
const announcementPatienceMs = 12_000;

/**
 * Waits until lakeFS has sent the event of a commit, at most `patienceMs`; 0 looks once. lakeFS lists a run
 * only when all its hooks are done, and none at all where a variable of its environment is missing: the usual
 * mistake of a first installation, which nothing else shows.
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
