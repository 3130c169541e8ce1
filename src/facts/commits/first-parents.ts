import { operationOf } from '../../domain/catalog/operation.js';
import type { Head } from '../../domain/links/branch-heads.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import { createCache } from '../common/cache.js';
import { LakefsInconsistentError, named } from '../common/or-absent.js';

/** The histories of branches along first parents. What a commit's parents are never changes, so it is remembered. */
export interface FirstParents {
  /**
   * From `head` back for as long as `more` says so of the commit that it is given; the last one given is included.
   * Costs a request per 1,000 commits that are not remembered, and one of 100 where a branch has moved on.
   *
   * @throws what the lakeFS client throws
   */
  back(repository: string, head: string, more: (head: Head) => boolean): Promise<readonly Head[]>;
  one(repository: string, id: string): Promise<Head>;
}

/** About 300 bytes each. */
const maxCommits = 50_000;
const keepMs = 3_600_000;
/** Whole logs, whose commits are shared. */
const maxLogs = 100;
const logMs = 600_000;

const firstPage = 100;
const page = 1_000;

export function createFirstParents(lakefs: LakefsClient, now: () => number): FirstParents {
  const commits = createCache<Head>({ size: maxCommits, ttlMs: () => keepMs, now });
  const logs = createCache<Head[]>({ size: maxLogs, ttlMs: () => logMs, now });

  async function load(repository: string, id: string, limit: number): Promise<Head> {
    return named(`commit ${id.slice(0, 12)} of "${repository}"`, async () => {
      let first: Head | undefined;
      for await (const commit of lakefs.log(repository, id, { firstParent: true, limit })) {
        const head = headOf(commit);
        if (first === undefined) first = head;
        else commits.put(`${repository} ${head.id}`, head);
      }
      if (first?.id === id) return first;
      throw new LakefsInconsistentError(`lakeFS answers the log of commit ${id} with another commit`);
    });
  }

  const one = (repository: string, id: string, limit: number): Promise<Head> =>
    commits.get(`${repository} ${id}`, () => load(repository, id, limit));

  return {
    one: (repository, id) => one(repository, id, firstPage),
    back: async (repository, head, more) => {
      // Shared by all who ask: two who ask at once write the same commit to the same place.
      const log = await logs.get(`${repository} ${head}`, async () => []);
      let next: string | undefined = head;
      for (let at = 0; next !== undefined; at += 1) {
        const entry: Head = log[at] ?? (await one(repository, next, at === 0 ? firstPage : page));
        log[at] = entry;
        if (!more(entry)) return log.slice(0, at + 1);
        next = entry.parents[0];
      }
      return [...log];
    },
  };
}

function headOf(commit: LakefsCommit): Head {
  const operation = operationOf(commit);
  const { id, parents, creation_date: seconds } = commit;
  return { id, parents, seconds, plain: operation === 'commit' || operation === 'root' };
}
