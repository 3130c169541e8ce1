import { isDataOf } from '../domain/housekeeping.js';
import type { LakefsClient } from '../lakefs/types.js';
import { createCache } from './cache.js';
import { immutableMs } from './commit-line.js';

/**
 * What data differs between two commits under some paths: an object, a directory with its slash, or '' for everything.
 * Housekeeping is no data.
 * A pair of commits costs one request, once for all paths, where at most 200 objects differ; beyond that one more for
 * each path, seldom two.
 */
export interface CommitDifference {
  /** True where data differs, also where the first 1,000 entries under a path are housekeeping. */
  differs(repository: string, left: string, right: string, paths: readonly string[]): Promise<boolean>;
  /** The objects that differ; undefined where there are more than 1,000. */
  objects(
    repository: string,
    left: string,
    right: string,
    paths: readonly string[],
  ): Promise<ReadonlySet<string> | undefined>;
}

/** Objects of a difference that are read: lakeFS's largest page. */
const maxObjects = 1_000;
/** Where no more than these differ between two commits all paths are answered at once. */
const maxWhole = 200;
/** Under a path the first entry decides, but for the root, where a few may be lakeFS's action files. */
const fewEntries = 20;

interface Part {
  readonly objects: readonly string[];
  readonly complete: boolean;
}

export function createCommitDifference(lakefs: LakefsClient, now: () => number): CommitDifference {
  const forEver = { ttlMs: () => immutableMs, now };
  const wholes = createCache<Part>({ size: 10_000, ...forEver });
  const answers = createCache<boolean>({ size: 50_000, ...forEver });
  const sets = createCache<ReadonlySet<string> | undefined>({ size: 1_000, ...forEver });

  async function read(
    repository: string,
    left: string,
    right: string,
    prefix: string,
    limit: number,
  ): Promise<Part> {
    const objects: string[] = [];
    for await (const { path } of lakefs.diff(repository, left, right, { prefix, limit })) objects.push(path);
    return { objects, complete: objects.length < limit };
  }

  const whole = (repository: string, left: string, right: string): Promise<Part> =>
    wholes.get(`${repository} ${left} ${right}`, () => read(repository, left, right, '', maxWhole));

  /** `prefix=gold/train` also matches `gold/train_v2/`: entries that are not of the path do not count. */
  async function differsAt(repository: string, left: string, right: string, path: string): Promise<boolean> {
    const isHit = (object: string): boolean => isDataOf(object, path);
    const few = await read(repository, left, right, path, path === '' ? maxObjects : fewEntries);
    if (few.complete || few.objects.some(isHit)) return few.objects.some(isHit);
    // The object itself would have been the first of all.
    const inside = await read(repository, left, right, directoryOf(path), maxObjects);
    return !inside.complete || inside.objects.some(isHit);
  }

  async function objectsAt(repository: string, left: string, right: string, path: string): Promise<Part> {
    const directory = directoryOf(path);
    const under = await read(repository, left, right, directory, maxObjects + 1);
    const itself = directory === path ? under : await read(repository, left, right, path, 1);
    const objects = [...under.objects, ...itself.objects].filter((object) => isDataOf(object, path));
    return { objects, complete: under.complete };
  }

  return {
    differs: async (repository, left, right, paths) => {
      if (left === right) return false;
      const { objects, complete } = await whole(repository, left, right);
      if (objects.some((object) => paths.some((path) => isDataOf(object, path)))) return true;
      if (complete) return false;
      for (const path of paths) {
        const key = `${repository} ${left} ${right} ${path}`;
        if (await answers.get(key, () => differsAt(repository, left, right, path))) return true;
      }
      return false;
    },
    objects: async (repository, left, right, paths) => {
      const all = await whole(repository, left, right);
      if (all.complete) {
        return new Set(all.objects.filter((object) => paths.some((path) => isDataOf(object, path))));
      }
      return sets.get(JSON.stringify([repository, left, right, paths]), async () => {
        const found = new Set<string>();
        for (const path of paths) {
          const { objects, complete } = await objectsAt(repository, left, right, path);
          for (const object of objects) found.add(object);
          if (!complete || found.size > maxObjects) return undefined;
        }
        return found;
      });
    },
  };
}

function directoryOf(path: string): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}
