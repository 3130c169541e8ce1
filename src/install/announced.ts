import { setTimeout as wait } from 'node:timers/promises';
import type { LakefsActionRun, LakefsClient } from '../lakefs/types.js';
import { actionName } from './action-file.js';

/** What lakeFS's Actions log says about the event of one commit. */
export type Announcement =
  | { readonly state: 'delivered' }
  /** `detail`: lakeFS's own words, in one line. */
  | { readonly state: 'failed'; readonly detail: string }
  /** No run so far: it is still under way, or lakeFS could not start it and tells nobody. */
  | { readonly state: 'unknown' };

/**
 * Waits until lakeFS has sent the event of a commit that was just made, at most `timeoutMs`. lakeFS lists a run
 * only when all its hooks are done, and none at all where a variable of its environment is missing: the usual
 * mistake of a first installation, which nothing else shows.
 */
export async function findAnnouncement(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  timeoutMs = 3_000,
): Promise<Announcement> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const run = await postRun(lakefs, repository, commit);
    if (run !== undefined) return outcomeOf(lakefs, repository, run);
    if (Date.now() >= end) return { state: 'unknown' };
    await wait(100);
  }
}

async function postRun(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
): Promise<LakefsActionRun | undefined> {
  for await (const run of lakefs.actionRuns(repository, { commit })) {
    if (run.event_type === 'post-merge') return run;
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
    return {
      state: 'failed',
      detail: lastWords(await lakefs.hookOutput(repository, run_id, hook.hook_run_id)),
    };
  }
  return { state: 'unknown' };
}

/** The error stands at the end of the output, behind the receiver's whole answer. */
function lastWords(output: string): string {
  const error = output.slice(output.lastIndexOf('Error: ') + 'Error: '.length);
  return error
    .replace(/^action failed: /, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
