import type { CommitKey } from '../../src/contract/words.js';
import { count } from '../../src/domain/common/text.js';
import type { Cause, JobContext, JobPayloads, NewJob, Queues } from '../../src/queue/types.js';
import { followHead } from '../register/follow-head.js';
import type { MissingCommit, Pass, Queued } from './pass.js';

interface Queueing {
  readonly payload: Pick<JobPayloads['register-commit'], 'installation' | 'repository'>;
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed' | 'counts'>;
  readonly context: Pick<JobContext, 'signal' | 'progress'>;
  readonly cause: Cause;
}

/** So many at a time: a process that is told to stop does not wait for 10,000. */
const batch = 500;

/** Queues commits in the order given. Which of them the queue holds already it sees itself. */
export async function queueCommits(
  commits: readonly MissingCommit[],
  { payload, queues, context, cause }: Queueing,
): Promise<Queued> {
  const jobs = commits.map((missing): NewJob<'register-commit'> => {
    const { installation, repository } = payload;
    return { name: 'register-commit', payload: { v: 1, installation, repository, ...missing }, cause };
  });
  const wanted = await withoutFailed(jobs, queues);
  let queued = 0;
  for (let start = 0; start < wanted.length; start += batch) {
    context.signal.throwIfAborted();
    const added = await queues.addMany(wanted.slice(start, start + batch));
    queued += added.filter(({ duplicate }) => !duplicate).length;
    await context.progress(70 + (30 * (start + added.length)) / wanted.length);
  }
  return { queued, failed: jobs.length - wanted.length };
}

async function withoutFailed(
  jobs: readonly NewJob<'register-commit'>[],
  queues: Queueing['queues'],
): Promise<readonly NewJob<'register-commit'>[]> {
  if (jobs.length === 0 || (await queues.counts())['register-commit'].failed === 0) return jobs;
  const failed = await Promise.all(jobs.map(({ payload }) => queues.hasFailed('register-commit', payload)));
  return jobs.filter((_, index) => failed[index] === false);
}

/** So many are what came since the last check; more are a backfill, or what came while nobody checked. */
const maxFollowed = 50;
/** Each further one costs the searches again, and mostly nothing else. */
const maxBranches = 5;

/**
 * Queues what the catalog lacks. Where that is much, what runs read is checked here, once for all of it and for
 * whatever it changed or merged: commit by commit it would cost two searches and more for each, which for old commits
 * can change nothing. Before they are queued, so that a check that is retried does it again.
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
  if (affected.size > 0) await context.log(`${count(affected.size, 'consumed commit')} to be rechecked`);
  return pass.queue(
    missing.map((commit) => ({ ...commit, news: 'history' })),
    'reconcile',
  );
}

/**
 * Rechecks what runs read, where branches moved and no new commit tells of it: some were deleted or reset, one
 * went on to commits that were known already, or one was made at a commit that no branch pointed to (a restored one).
 * The first check of a process does not know where branches were: it checks all, once. Costs nothing where none moved;
 * else what `followHead` costs, once for all of them.
 *
 * @param lost branches of which commits may be gone
 * @param knownBefore true for a head that was settled before this check
 */
export async function followSilentMoves(
  { facts, queues, payload, experimentId, heads, before, moves, reconcileMemory, key }: Pass,
  lost: readonly string[],
  knownBefore: (head: string) => boolean,
): Promise<readonly CommitKey[]> {
  const headOf = (branch: string): string => heads.get(branch) ?? '';
  const pointedTo = new Set(before.values());
  const silent = [
    ...lost,
    ...moves.moved.filter((branch) => knownBefore(headOf(branch))),
    ...moves.made.filter((branch) => !pointedTo.has(headOf(branch))),
  ];
  const isFirstLook = !reconcileMemory.heads.has(key);
  if (silent.length === 0 && !isFirstLook) return [];
  const { installation, repository } = payload;
  return followHead(
    { facts, queues },
    { installation, repository, change: 'everything', branch: silent[0], catalogId: experimentId },
  );
}
