import { count } from '../src/domain/common/text.js';
import { followHead } from './follow-head.js';
import type { Pass } from './reconcile-pass.js';
import type { MissingCommit, Queued } from './reconcile-queue.js';

/** So many are what came since the last look; more are a backfill, or what came while nobody looked. */
const maxFollowed = 50;
/** Each further one costs the searches again, and mostly nothing else. */
const maxBranches = 5;

/**
 * Queues what the catalog lacks. Where that is much, what runs read is looked at here, once for all of it and for
 * whatever it changed or merged: commit by commit it would cost two searches and more for each, which for old commits
 * can change nothing. Before they are queued, so that a look that is tried again does it again.
 *
 * @throws what the clients throw
 */
export async function queueMissing(missing: readonly MissingCommit[], pass: Pass): Promise<Queued> {
  if (missing.length <= maxFollowed) return pass.queue(missing, 'reconcile');
  const { facts, queues, payload, experimentId, context } = pass;
  const { installation, repository } = payload;
  const branches = [...new Set(missing.map(({ branch }) => branch))].slice(0, maxBranches);
  const affected = new Set<string>();
  for (const branch of branches) {
    const move = {
      installation,
      repository,
      change: 'everything',
      branch,
      catalogId: experimentId,
    } as const;
    for (const { commit } of await followHead({ facts, queues }, move)) affected.add(commit);
  }
  if (affected.size > 0)
    await context.log(`${count(affected.size, 'consumed commit')} to be looked at again`);
  return pass.queue(
    missing.map((commit) => ({ ...commit, news: 'history' })),
    'reconcile',
  );
}
