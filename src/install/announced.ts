import { setTimeout as wait } from 'node:timers/promises';
import type { LakefsActionRun, LakefsClient } from '../lakefs/types.js';
import { actionName } from './action-file.js';
import { answerIn, errorIn } from './hook-log.js';

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
export async function findAnnouncement(
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
