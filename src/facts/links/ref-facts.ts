import type { Head } from '../../domain/links/branch-heads.js';
import { asDirectory, isUnder } from '../../domain/paths/path.js';
import { isDataOf } from '../../domain/status/housekeeping.js';
import type { LakefsClient, LakefsDiffEntry, LakefsObject } from '../../lakefs/types.js';
import { createCache } from '../common/cache.js';
import { orAbsent, orInconsistent } from '../common/or-absent.js';
import { freshness } from '../runs/freshness.js';

/** What lakeFS knows of branches and tags, remembered for as long as it can be. */
export interface RefFacts {
  /**
   * The id of a branch's head, also of a hidden branch; undefined where there is no such branch.
   *
   * @param asOf Unix ms: the answer is not older; by default it may be some seconds old
   */
  branch(repository: string, name: string, asOf?: number): Promise<string | undefined>;
  /** The id of the commit that a tag leads to. `asOf` as above. */
  tag(repository: string, name: string, asOf?: number): Promise<string | undefined>;
  /** The data under a path that a commit brought, seen from its first parent: nothing of what it removed. */
  changedBy(repository: string, head: Head, path: string): Promise<Changed>;
  /** When the objects under a path were written, by the first thousand of them. */
  written(repository: string, commit: string, path: string): Promise<Written>;
  /** When the objects were written that a commit brought under a path, Unix seconds; of the first thousand there. */
  broughtAt(repository: string, head: Head, path: string): Promise<readonly number[]>;
  /** What data is staged on a branch under a path. `asOf` as above. */
  staged(repository: string, branch: string, path: string, asOf?: number): Promise<Changed>;
  /** When a staged object was written, Unix seconds; undefined where it is not there any more. */
  stagedAt(repository: string, branch: string, path: string): Promise<number | undefined>;
}

export interface Changed {
  /** False where no data differs under the path. */
  readonly any: boolean;
  /** Paths of objects that were added or changed; not all of them where there are more than a thousand. */
  readonly brought: readonly string[];
}

export interface Written {
  /** False where nothing is under the path. */
  readonly any: boolean;
  /** Unix seconds of the newest. */
  readonly newest: number;
}

/** Entries that one request answers with. */
const pageSize = 1_000;

/** A branch may move at any time. */
const headMs = 10_000;
/** Tags hardly ever move. */
const tagMs = 60_000;
/** Commits never change, but a repository may be made again. */
const fixedMs = 600_000;

export function createRefFacts(lakefs: LakefsClient, now: () => number): RefFacts {
  const heads = createCache<string | undefined>({ size: 20_000, ttlMs: () => headMs, now });
  const tags = createCache<string | undefined>({ size: 20_000, ttlMs: () => tagMs, now });
  const whole = createCache<readonly LakefsDiffEntry[]>({ size: 200, ttlMs: () => fixedMs, now });
  const partial = createCache<readonly LakefsDiffEntry[]>({ size: 200, ttlMs: () => fixedMs, now });
  const times = createCache<Written>({ size: 20_000, ttlMs: () => fixedMs, now });
  const brought = createCache<readonly number[]>({ size: 1_000, ttlMs: () => fixedMs, now });
  const waiting = createCache<readonly LakefsDiffEntry[]>({ size: 200, ttlMs: () => headMs, now });

  /**
   * What differs under a path: from the whole difference where that is one page, which then serves every path; else by
   * one or two requests for the path.
   */
  async function under(
    path: string,
    all: Promise<readonly LakefsDiffEntry[]>,
    part: () => Promise<readonly LakefsDiffEntry[]>,
  ): Promise<Changed> {
    const entries = (await all).length < pageSize ? await all : await part();
    const hits = entries.filter((entry) => isDataOf(entry.path, path));
    const brought = hits.filter(({ type }) => type !== 'removed').map((entry) => entry.path);
    return { any: hits.length > 0, brought };
  }

  const changedBy: RefFacts['changedBy'] = (repository, { id, parents: [parent] }, path) => {
    // What a root holds was never anything else; lakeFS's are empty.
    if (parent === undefined) return Promise.resolve({ any: false, brought: [] });
    const diff = (prefix: string) =>
      orInconsistent(`commit ${id.slice(0, 12)} of "${repository}"`, () =>
        firstPage(lakefs.diff(repository, parent, id, { prefix, limit: pageSize })),
      );
    const key = `${repository} ${id}`;
    const all = whole.get(key, () => diff(''));
    return under(path, all, () => partial.get(`${key} ${path}`, () => atPath(path, diff)));
  };

  async function objectsUnder(
    repository: string,
    commit: string,
    path: string,
  ): Promise<readonly LakefsObject[]> {
    const objects = await orInconsistent(`commit ${commit.slice(0, 12)} of "${repository}"`, () =>
      atPath(path, (prefix) => firstPage(lakefs.objects(repository, commit, { prefix, limit: pageSize }))),
    );
    return objects.filter((object) => isUnder(object.path, path));
  }

  return {
    branch: (repository, name, asOf) =>
      heads.get(`${repository} ${name} ${freshness(asOf, headMs, now())}`, async () => {
        const ref = await orAbsent(() => lakefs.getBranch(repository, name));
        return ref?.commit_id;
      }),
    tag: (repository, name, asOf) =>
      tags.get(`${repository} ${name} ${freshness(asOf, tagMs, now())}`, async () => {
        const ref = await orAbsent(() => lakefs.getTag(repository, name));
        return ref?.commit_id;
      }),
    changedBy,
    written: (repository, commit, path) =>
      times.get(`${repository} ${commit} ${path}`, async () => {
        const found = await objectsUnder(repository, commit, path);
        return { any: found.length > 0, newest: Math.max(0, ...found.map(({ mtime }) => mtime ?? 0)) };
      }),
    broughtAt: (repository, head, path) =>
      brought.get(`${repository} ${head.id} ${path}`, async () => {
        const paths = new Set((await changedBy(repository, head, path)).brought);
        if (paths.size === 0) return [];
        const found = await objectsUnder(repository, head.id, path);
        return found.filter((object) => paths.has(object.path)).map(({ mtime }) => mtime ?? 0);
      }),
    staged: (repository, branch, path, asOf) => {
      const diff = (prefix: string) =>
        orInconsistent(`branch ${branch} of "${repository}"`, () =>
          firstPage(lakefs.uncommitted(repository, branch, { prefix, limit: pageSize })),
        );
      const key = `${repository} ${branch} ${freshness(asOf, headMs, now())}`;
      const all = waiting.get(key, () => diff(''));
      return under(path, all, () => waiting.get(`${key} ${path}`, () => atPath(path, diff)));
    },
    stagedAt: async (repository, branch, path) =>
      (await orAbsent(() => lakefs.statObject(repository, branch, path)))?.mtime,
  };
}

/**
 * `prefix=gold/train` also matches `gold/train_v2/`, so the directory and the object are asked for one by one; the object
 * itself sorts before everything that begins with its name.
 */
async function atPath<T>(
  path: string,
  read: (prefix: string) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const directory = asDirectory(path);
  const inside = await read(directory);
  return inside.length > 0 || directory === path ? inside : read(path);
}

async function firstPage<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
