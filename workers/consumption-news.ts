import type { NewJob, Queues } from '../src/queue/types.js';

export interface ConsumedCommit {
  readonly installation: string;
  readonly repository: string;
  readonly commit: string;
}

/** Tells the commits' side that runs have consumed them. */
export interface ConsumptionNews {
  /**
   * Asks for a look at each commit's consumers. Answers with the commits for which a look was waiting already: it
   * may begin before the caller has written, who then tells again. Rejects where the queue cannot take the news.
   */
  consumed(commits: readonly ConsumedCommit[]): Promise<readonly ConsumedCommit[]>;
}

/** A thousand runs of one commit make one look at it, not a thousand: the look waits this long for more news. */
const delayMs = 2_000;
/** A look that we asked for less than this ago has not begun. */
const coveredMs = 1_000;

export function createConsumptionNews(queues: Pick<Queues, 'addMany'>, now: () => number): ConsumptionNews {
  const asked = new Map<string, number>();
  return {
    consumed: async (commits) => {
      for (const [key, at] of asked) if (now() - at >= coveredMs) asked.delete(key);
      const fresh = [...new Map(commits.map((commit) => [keyOf(commit), commit])).values()].filter(
        (commit) => !asked.has(keyOf(commit)),
      );
      if (fresh.length === 0) return [];
      const at = now();
      const added = await queues.addMany(fresh.map(jobFor));
      const waitedAlready = fresh.filter((_, index) => added[index]?.duplicate === true);
      for (const commit of fresh) if (!waitedAlready.includes(commit)) asked.set(keyOf(commit), at);
      return waitedAlready;
    },
  };
}

function keyOf({ installation, repository, commit }: ConsumedCommit): string {
  return `${installation} ${repository} ${commit}`;
}

function jobFor({ installation, repository, commit }: ConsumedCommit): NewJob<'register-commit'> {
  return {
    name: 'register-commit',
    payload: { v: 1, installation, repository, commit },
    cause: 'sweep',
    delayMs,
  };
}
