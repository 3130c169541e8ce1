import type { LakefsClient } from '../lakefs/types.js';
import { type Announcement, findAnnouncement } from './announced.js';
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
