import type { Queues } from '../src/queue/types.js';

interface ConsumedCommit {
  readonly installation: string;
  readonly repository: string;
  readonly commit: string;
}

/** Tells the commits' side that runs have consumed them. */
export interface ConsumptionNews {
  /** Rejects where the queue cannot take the news: the caller's job is then tried again. */
  consumed(commits: readonly ConsumedCommit[]): Promise<void>;
}

/** A thousand runs of one commit make one look at it, not a thousand: the look waits this long for more news. */
const delayMs = 2_000;
/** A look that was asked for less than this ago has not begun. */
const coveredMs = 1_000;

export function createConsumptionNews(queues: Pick<Queues, 'addMany'>, now: () => number): ConsumptionNews {
  const asked = new Map<string, number>();
  return {
    consumed: async (commits) => {
      for (const [key, at] of asked) if (now() - at >= coveredMs) asked.delete(key);
      const fresh = new Map<string, ConsumedCommit>();
      for (const commit of commits) {
        const key = `${commit.installation} ${commit.repository} ${commit.commit}`;
        if (!asked.has(key)) fresh.set(key, commit);
      }
      if (fresh.size === 0) return;
      const at = now();
      await queues.addMany(
        [...fresh.values()].map(({ installation, repository, commit }) => ({
          name: 'register-commit' as const,
          payload: { v: 1 as const, installation, repository, commit },
          cause: 'sweep' as const,
          delayMs,
        })),
      );
      for (const key of fresh.keys()) asked.set(key, at);
    },
  };
}
