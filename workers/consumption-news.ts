import type { CommitKey } from '../src/domain/words.js';
import type { NewJob, Queues } from '../src/queue/types.js';

/** Tells the commits' side that runs have consumed them. */
export interface ConsumptionNews {
  /**
   * Asks for a look at each commit's consumers. Answers with the commits for which a look was waiting already: it
   * may begin before the caller has written, who then tells again. Rejects where the queue cannot take the news.
   */
  consumed(commits: readonly CommitKey[]): Promise<readonly CommitKey[]>;
  /** How long (ms) a look at the commit's consumers took: later ones wait accordingly. */
  looked(commit: CommitKey, ms: number): void;
  /**
   * Asks for another look, in `ms`. For a look that was brought forward: runs that were linked since then count on
   * the one that was due, and nobody else would look. Rejects where the queue cannot take it.
   */
  lookAgain(commit: CommitKey, ms: number): Promise<void>;
}

/** A thousand runs of one commit make one look at it, not a thousand: the look waits this long for more news. */
const firstDelayMs = 2_000;
/** Others act on the news that a commit was consumed; how many more have consumed it can wait, as their tags cannot. */
const laterDelayMs = 10_000;
/** Nobody waits longer than this for a count. */
const maxDelayMs = 5 * 60_000;
/** Looks wait so many times as long as all that wait will take, so that they have a tenth of a server's time. */
const share = 9;
/** What a look at a commit costs that we know nothing of: two searches that find little, in ms. */
const usualCostMs = 20;
/** A look that we asked for and that is not due for this long has certainly not begun. */
const marginMs = 1_000;
/** What a look has cost is remembered this long. */
const keepMs = 3_600_000;

interface Look {
  /** Unix ms of the look that waits, or waited last. */
  readonly dueAt: number;
  readonly costMs: number;
}

export function createConsumptionNews(queues: Pick<Queues, 'addMany'>, now: () => number): ConsumptionNews {
  const looks = new Map<string, Look>();

  function costOf(commit: CommitKey): number {
    return looks.get(keyOf(commit))?.costMs ?? usualCostMs;
  }

  function waitingMs(): number {
    return [...looks.values()].reduce((sum, { dueAt, costMs }) => sum + (dueAt > now() ? costMs : 0), 0);
  }

  function isCovered(commit: CommitKey): boolean {
    const look = looks.get(keyOf(commit));
    return look !== undefined && now() < look.dueAt - marginMs;
  }

  function forget(): void {
    for (const [key, { dueAt }] of looks) if (now() > dueAt + keepMs) looks.delete(key);
  }

  /** A look at a commit with many consumers is dear, as are many looks: each waits for those before it. */
  function plan(commits: readonly CommitKey[]): readonly { commit: CommitKey; delayMs: number }[] {
    let ahead = waitingMs();
    return commits.map((commit) => {
      ahead += costOf(commit);
      const least = looks.has(keyOf(commit)) ? laterDelayMs : firstDelayMs;
      return { commit, delayMs: Math.round(Math.min(Math.max(share * ahead, least), maxDelayMs)) };
    });
  }

  return {
    consumed: async (commits) => {
      const distinct = [...new Map(commits.map((commit) => [keyOf(commit), commit])).values()];
      const fresh = distinct.filter((commit) => !isCovered(commit));
      if (fresh.length === 0) return [];
      forget();
      const at = now();
      const asked = plan(fresh);
      const added = await queues.addMany(asked.map(({ commit, delayMs }) => jobFor(commit, delayMs)));
      const waited: CommitKey[] = [];
      for (const [index, { commit, delayMs }] of asked.entries()) {
        if (added[index]?.duplicate === true) waited.push(commit);
        else looks.set(keyOf(commit), { dueAt: at + delayMs, costMs: costOf(commit) });
      }
      return waited;
    },
    looked: (commit, costMs) => {
      // One that was brought forward has been made: what is linked from now on is not covered by it.
      looks.set(keyOf(commit), { dueAt: now(), costMs });
    },
    lookAgain: async (commit, ms) => {
      await queues.addMany([jobFor(commit, ms)]);
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
