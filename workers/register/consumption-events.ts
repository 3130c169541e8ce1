import type { CommitKey } from '../../src/contract/words.js';
import { createBatcher } from '../../src/facts/common/batcher.js';
import type { NewJob, Queues } from '../../src/queue/types.js';

/** Queues a recount for commits that runs have consumed. */
export interface ConsumptionEvents {
  /**
   * Asks for a check of each commit's consumers. That check begins after this call has begun, so it sees every run whose
   * tags were written before. Rejects where the queue cannot take them.
   *
   * Nothing is remembered of recounts that were queued earlier: a hook, a person or another process may have let them
   * run already. The queue knows which of them still wait, and adds none where one does.
   */
  consumed(commits: readonly CommitKey[]): Promise<void>;
  /** How long (ms) a check of the commit's consumers took: later ones wait accordingly. */
  searched(commit: CommitKey, ms: number): void;
}

/** A thousand runs of one commit make one recount, not a thousand: it waits this long for more runs. */
const firstDelayMs = 2_000;
/** Others act on a commit's first consumer; how many more have consumed it can wait, as their tags cannot. */
const laterDelayMs = 10_000;
/** Nobody waits longer than this for a count. */
const maxDelayMs = 5 * 60_000;
/** Recounts wait so many times as long as all that wait will take, so that they have a tenth of a server's time. */
const share = 9;
/** What a check of a commit costs that we know nothing of: two searches that find little, in ms. */
const usualCostMs = 20;
/** What a recount has cost is remembered this long. */
const keepMs = 3_600_000;
/** Commits in one call of the queue. */
const maxBatch = 1_000;

/** Only decides how long the next recount waits; what is queued is never concluded from it. */
interface Recount {
  /** Unix ms for which a recount was queued last, or when the last one ran. */
  readonly dueAt: number;
  readonly costMs: number;
}

export function createConsumptionEvents(
  queues: Pick<Queues, 'addMany'>,
  now: () => number,
): ConsumptionEvents {
  const recounts = new Map<string, Recount>();

  function costOf(commit: CommitKey): number {
    return recounts.get(keyOf(commit))?.costMs ?? usualCostMs;
  }

  function waitingMs(): number {
    return [...recounts.values()].reduce((sum, { dueAt, costMs }) => sum + (dueAt > now() ? costMs : 0), 0);
  }

  function forget(): void {
    for (const [key, { dueAt }] of recounts) if (now() > dueAt + keepMs) recounts.delete(key);
  }

  /** A check of a commit with many consumers is dear, as are many commits: each waits for those before it. */
  function plan(commits: readonly CommitKey[]): readonly { commit: CommitKey; delayMs: number }[] {
    let ahead = waitingMs();
    return commits.map((commit) => {
      ahead += costOf(commit);
      const least = recounts.has(keyOf(commit)) ? laterDelayMs : firstDelayMs;
      return { commit, delayMs: Math.round(Math.min(Math.max(share * ahead, least), maxDelayMs)) };
    });
  }

  async function ask(commits: readonly CommitKey[]): Promise<void> {
    forget();
    const at = now();
    const asked = plan([...new Map(commits.map((commit) => [keyOf(commit), commit])).values()]);
    const added = await queues.addMany(asked.map(({ commit, delayMs }) => jobFor(commit, delayMs)));
    for (const [index, { commit, delayMs }] of asked.entries()) {
      if (added[index]?.duplicate === true) continue;
      recounts.set(keyOf(commit), { dueAt: at + delayMs, costMs: costOf(commit) });
    }
  }

  // Runs are linked side by side, and each reports twice: what is reported during one call of the queue shares the next.
  const report = createBatcher<CommitKey, void>(
    (commits) => {
      const asked = ask(commits);
      return commits.map(() => asked);
    },
    { maxBatch },
  );

  return {
    consumed: async (commits) => {
      await Promise.all(commits.map(report));
    },
    searched: (commit, costMs) => {
      recounts.set(keyOf(commit), { dueAt: now(), costMs });
    },
  };
}

function keyOf({ installation, repository, commit }: CommitKey): string {
  return `${installation} ${repository} ${commit}`;
}

function jobFor({ installation, repository, commit }: CommitKey, delayMs: number): NewJob<'register-commit'> {
  const payload = { v: 1, installation, repository, commit } as const;
  return { name: 'register-commit', payload, cause: 'sweep', delayMs };
}
