import { matches } from '../../domain/common/globs.js';
import { isRefusal } from '../../lakefs/errors.js';
import type { LakefsClient } from '../../lakefs/types.js';
import { createCache } from '../common/cache.js';
import { orAbsent } from '../common/or-absent.js';
import { freshness } from '../runs/freshness.js';

/** Which watched repositories have a commit. */
export interface CommitHomes {
  /** At most two: more make it no clearer. */
  readonly repositories: readonly string[];
  /** Repositories that our user may not read: they may have it, too. */
  readonly unread: readonly string[];
  /** Set where there are too many repositories to ask each. */
  readonly tooMany?: true;
}

/** Repositories that are asked for one commit. */
const maxAsked = 500;
const atOnce = 10;

/** A repository may be made, and copied with its commits, at any time. */
const listMs = 60_000;
/** An id is made of what the commit holds, so it will not turn up elsewhere by chance. */
const foundMs = 600_000;
/** A commit may be there soon. */
const absentMs = 60_000;

/**
 * Asks each watched repository for a commit, and remembers the answer. That there is none must not be older than `asOf`
 * (Unix ms), the end of the run that names it: the repository may have been made just before. Throws what the lakeFS
 * client throws where it is not known; a repository that our user may not read is part of the answer.
 */
export function createCommitRepositories(
  lakefs: LakefsClient,
  now: () => number,
): (commit: string, watched: readonly string[], asOf: number) => Promise<CommitHomes> {
  const names = createCache<readonly string[]>({ size: 10, ttlMs: () => listMs, now });
  const homes = createCache<CommitHomes>({
    size: 20_000,
    ttlMs: ({ repositories }) => (repositories.length > 0 ? foundMs : absentMs),
    now,
  });

  async function list(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { id } of lakefs.repositories()) found.push(id);
    return found;
  }

  async function has(repository: string, commit: string): Promise<boolean | undefined> {
    try {
      return (await orAbsent(() => lakefs.getCommit(repository, commit)))?.id === commit;
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  async function find(commit: string, watched: readonly string[], age: string): Promise<CommitHomes> {
    const asked = (await names.get(age, list)).filter((name) => matches(watched, name));
    if (asked.length > maxAsked) return { repositories: [], unread: [], tooMany: true };
    const repositories: string[] = [];
    const unread: string[] = [];
    for (let at = 0; at < asked.length && repositories.length < 2; at += atOnce) {
      const batch = asked.slice(at, at + atOnce);
      const answers = await Promise.all(batch.map((repository) => has(repository, commit)));
      repositories.push(...batch.filter((_, index) => answers[index] === true));
      unread.push(...batch.filter((_, index) => answers[index] === undefined));
    }
    return { repositories: repositories.slice(0, 2), unread };
  }

  return async (commit, watched, asOf) => {
    const age = freshness(asOf, absentMs, now());
    let asked = false;
    const known = await homes.get(commit, () => {
      asked = true;
      return find(commit, watched, age);
    });
    if (asked || age === '' || known.repositories.length > 0) return known;
    return homes.get(`${commit} ${age}`, () => find(commit, watched, age));
  };
}
