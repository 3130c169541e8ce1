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
const firstDelayMs = 2_000;
/** A look reads every consumer: while news goes on, each waits twice as long as the one before, up to this. */
const maxDelayMs = 60_000;
/** A look that we asked for and that is not due for this long has certainly not begun. */
const marginMs = 1_000;

interface Look {
  readonly dueAt: number;
  readonly delayMs: number;
}

export function createConsumptionNews(queues: Pick<Queues, 'addMany'>, now: () => number): ConsumptionNews {
  const looks = new Map<string, Look>();

  function delayOf(commit: ConsumedCommit): number {
    const last = looks.get(keyOf(commit));
    return last === undefined ? firstDelayMs : Math.min(2 * last.delayMs, maxDelayMs);
  }

  function isCovered(commit: ConsumedCommit): boolean {
    const look = looks.get(keyOf(commit));
    return look !== undefined && now() < look.dueAt - marginMs;
  }

  function forget(): void {
    for (const [key, { dueAt, delayMs }] of looks) if (now() > dueAt + 4 * delayMs) looks.delete(key);
  }

  return {
    consumed: async (commits) => {
      forget();
      const distinct = [...new Map(commits.map((commit) => [keyOf(commit), commit])).values()];
      const fresh = distinct.filter((commit) => !isCovered(commit));
      if (fresh.length === 0) return [];
      const asked = fresh.map((commit) => ({ commit, delayMs: delayOf(commit), at: now() }));
      const added = await queues.addMany(asked.map(({ commit, delayMs }) => jobFor(commit, delayMs)));
      const waited: ConsumedCommit[] = [];
      for (const [index, { commit, delayMs, at }] of asked.entries()) {
        if (added[index]?.duplicate === true) waited.push(commit);
        else looks.set(keyOf(commit), { dueAt: at + delayMs, delayMs });
      }
      return waited;
    },
  };
}

function keyOf({ installation, repository, commit }: ConsumedCommit): string {
  return `${installation} ${repository} ${commit}`;
}

function jobFor(
  { installation, repository, commit }: ConsumedCommit,
  delayMs: number,
): NewJob<'register-commit'> {
  const payload = { v: 1, installation, repository, commit } as const;
  return { name: 'register-commit', payload, cause: 'sweep', delayMs };
}
