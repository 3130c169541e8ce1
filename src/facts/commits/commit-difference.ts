import { asDirectory } from '../../domain/paths/path.js';
import { isDataOf } from '../../domain/status/housekeeping.js';
import { type ObjectChange, recordRoot } from '../../domain/status/table-rewrite.js';
import type { LakefsClient } from '../../lakefs/types.js';
import { createCache, immutableMs } from '../common/cache.js';

/**
 * What data differs between two commits under some paths: an object, a directory with its slash, or '' for everything.
 * Housekeeping is no data.
 * A pair of commits costs one request, once for all paths, where at most 200 objects differ; beyond that one more for
 * each path, seldom two.
 */
export interface CommitDifference {
  /** True where data differs, also where the first 5,000 entries under a path are housekeeping. */
  differs(repository: string, left: string, right: string, paths: readonly string[]): Promise<boolean>;
  /** The same for one path, without reading the whole difference: one request, seldom two. */
  differsUnder(repository: string, left: string, right: string, path: string): Promise<boolean>;
  /** The objects that differ; undefined where there are more than 1,000. */
  objects(
    repository: string,
    left: string,
    right: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, ObjectChange> | undefined>;
  /**
   * The same where a table's log has grown under the paths, as far as that shows without a request: among the first 200
   * entries of the whole difference, or the first 20 under a path. Undefined elsewhere.
   */
  ofTables(
    repository: string,
    left: string,
    right: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, ObjectChange> | undefined>;
}

/** Objects of a difference that are read: lakeFS's largest page. */
const maxObjects = 1_000;
/** Of a difference that begins with housekeeping. */
const maxHousekeeping = 5_000;
/** Where no more than these differ between two commits all paths are answered at once. */
const maxWhole = 200;
/** Under a path the first entry decides, but for the root, where a few may be lakeFS's action files. */
const fewEntries = 20;

interface Answer {
  readonly differs: boolean;
  /** True where a table's log was seen to have grown. */
  readonly table: boolean;
}

interface Part {
  readonly objects: ReadonlyMap<string, ObjectChange>;
  readonly complete: boolean;
}

export function createCommitDifference(lakefs: LakefsClient, now: () => number): CommitDifference {
  const forEver = { ttlMs: () => immutableMs, now };
  const wholes = createCache<Part>({ size: 10_000, ...forEver });
  const answers = createCache<Answer>({ size: 50_000, ...forEver });
  const sets = createCache<ReadonlyMap<string, ObjectChange> | undefined>({ size: 1_000, ...forEver });

  async function read(
    repository: string,
    left: string,
    right: string,
    prefix: string,
    limit: number,
  ): Promise<Part> {
    const objects = new Map<string, ObjectChange>();
    for await (const entry of lakefs.diff(repository, left, right, { prefix, limit })) {
      const { type, path, size_bytes: size } = entry;
      objects.set(path, {
        type: type === 'added' || type === 'removed' ? type : 'changed',
        ...(size !== undefined && { size }),
      });
    }
    return { objects, complete: objects.size < limit };
  }

  const whole = (repository: string, left: string, right: string): Promise<Part> =>
    wholes.get(`${repository} ${left} ${right}`, () => read(repository, left, right, '', maxWhole));

  /** `prefix=gold/train` also matches `gold/train_v2/`: entries that are not of the path do not count. */
  async function differsAt(repository: string, left: string, right: string, path: string): Promise<Answer> {
    const isHit = (object: string): boolean => isDataOf(object, path);
    const few = await read(repository, left, right, path, path === '' ? maxObjects : fewEntries);
    const differs = [...few.objects.keys()].some(isHit);
    if (few.complete || differs) return { differs, table: holdsRecord(few, [path]) };
    // The object itself would have been the first of all.
    const inside = await read(repository, left, right, asDirectory(path), maxHousekeeping);
    return {
      differs: !inside.complete || [...inside.objects.keys()].some(isHit),
      table: holdsRecord(inside, [path]),
    };
  }

  async function objectsAt(repository: string, left: string, right: string, path: string): Promise<Part> {
    const directory = asDirectory(path);
    const under = await read(repository, left, right, directory, maxObjects + 1);
    const itself = directory === path ? under : await read(repository, left, right, path, 1);
    const objects = dataOf(new Map([...under.objects, ...itself.objects]), [path]);
    return { objects, complete: under.complete };
  }

  const answerAt = (repository: string, left: string, right: string, path: string): Promise<Answer> =>
    answers.get(`${repository} ${left} ${right} ${path}`, () => differsAt(repository, left, right, path));

  const objects: CommitDifference['objects'] = async (repository, left, right, paths) => {
    const all = await whole(repository, left, right);
    if (all.complete) return dataOf(all.objects, paths);
    return sets.get(JSON.stringify([repository, left, right, paths]), async () => {
      const found = new Map<string, ObjectChange>();
      for (const path of paths) {
        const part = await objectsAt(repository, left, right, path);
        for (const [object, change] of part.objects) found.set(object, change);
        if (!part.complete || found.size > maxObjects) return undefined;
      }
      return found;
    });
  };

  return {
    differs: async (repository, left, right, paths) => {
      if (left === right) return false;
      const { objects, complete } = await whole(repository, left, right);
      if (dataOf(objects, paths).size > 0) return true;
      if (complete) return false;
      for (const path of paths) {
        if ((await answerAt(repository, left, right, path)).differs) return true;
      }
      return false;
    },
    differsUnder: async (repository, left, right, path) =>
      left !== right && (await answerAt(repository, left, right, path)).differs,
    objects,
    ofTables: async (repository, left, right, paths) => {
      const all = await whole(repository, left, right);
      if (holdsRecord(all, paths)) return objects(repository, left, right, paths);
      // What the whole difference answered was not asked path by path.
      if (all.complete || dataOf(all.objects, paths).size > 0) return undefined;
      for (const path of paths) {
        const { table } = await answerAt(repository, left, right, path);
        if (table) return objects(repository, left, right, paths);
      }
      return undefined;
    },
  };
}

function dataOf(
  objects: ReadonlyMap<string, ObjectChange>,
  paths: readonly string[],
): ReadonlyMap<string, ObjectChange> {
  return new Map([...objects].filter(([object]) => paths.some((path) => isDataOf(object, path))));
}

function holdsRecord({ objects }: Part, paths: readonly string[]): boolean {
  return [...dataOf(objects, paths)].some(
    ([object, { type }]) => type === 'added' && recordRoot(object) !== undefined,
  );
}
