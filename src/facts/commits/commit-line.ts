import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import { createCache } from '../common/cache.js';

/** What is kept of a commit on its branch's history. */
export interface LineCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** Equal ids: equal trees. */
  readonly metaRange: string;
  /** Grows from each parent to its child; undefined where lakeFS does not say. */
  readonly generation: number | undefined;
  /** A squash merge, a cherry-pick or an import: lakeFS marks what brings data from elsewhere without a second parent. */
  readonly brought: boolean;
}

/** The commits of a branch, newest first, each the first parent of the one before. */
export interface Line {
  /** So many steps back; undefined before the first commit. Costs a request per 1,000 steps that nobody took before. */
  at(index: number): Promise<LineCommit | undefined>;
}

/** What is known of the histories in one lakeFS. Commits never change, so nothing is asked twice. */
export interface History {
  /** Reading it throws what the lakeFS client throws, also for a commit that is not there. */
  line(repository: string, head: string): Line;
  /** True where `commit` is `head` or one of its ancestors. One request, once for each pair. */
  contains(repository: string, head: string, commit: string): Promise<boolean>;
  /** The best common ancestor; undefined where there is none. One request, once for each pair. */
  base(repository: string, left: string, right: string): Promise<string | undefined>;
}

/** The newest commits are what is asked for most; who goes on back gets more at a time. */
const firstPage = 100;
const nextPage = 1_000;
const maxCommits = 50_000;
const maxLines = 200;
/** Answers about commits are kept for so long after nobody asked, in ms: they are as true as ever. */
export const immutableMs = 24 * 3_600_000;

export function createHistory(lakefs: LakefsClient, now: () => number): History {
  const commits = new Map<string, LineCommit>();
  const bases = createCache<string | undefined>({ size: 50_000, ttlMs: () => immutableMs, now });
  /** Those who need the same page share one reading. */
  const pages = createCache<void>({ size: 100, ttlMs: () => 0, now });
  const lines = new Map<string, Line>();

  function remember(repository: string, commit: LakefsCommit): void {
    commits.set(`${repository} ${commit.id}`, toLineCommit(commit));
    dropOldest(commits, maxCommits);
  }

  const load = (repository: string, from: string, limit: number): Promise<void> =>
    pages.get(`${repository} ${from}`, async () => {
      const log = lakefs.log(repository, from, { firstParent: true, limit });
      for await (const commit of log) remember(repository, commit);
    });

  function newLine(repository: string, head: string): Line {
    const walked: LineCommit[] = [];
    const next = async (): Promise<LineCommit | undefined> => {
      const last = walked.at(-1);
      const id = last === undefined ? head : last.parents[0];
      if (id === undefined) return undefined;
      const key = `${repository} ${id}`;
      if (!commits.has(key)) await load(repository, id, walked.length === 0 ? firstPage : nextPage);
      return commits.get(key);
    };
    return {
      at: async (index) => {
        while (walked.length <= index) {
          const length = walked.length;
          const found = await next();
          if (found === undefined) return undefined;
          // Another may have gone the same step in the meantime.
          if (walked.length === length) walked.push(found);
        }
        return walked[index];
      },
    };
  }

  const base = (repository: string, left: string, right: string): Promise<string | undefined> =>
    bases.get(`${repository} ${left} ${right}`, () => lakefs.mergeBase(repository, left, right));

  return {
    line: (repository, head) => {
      const key = `${repository} ${head}`;
      const found = lines.get(key);
      if (found !== undefined) return found;
      const line = newLine(repository, head);
      lines.set(key, line);
      dropOldest(lines, maxLines);
      return line;
    },
    contains: async (repository, head, commit) =>
      head === commit || (await base(repository, commit, head)) === commit,
    base,
  };
}

function toLineCommit({ id, parents, meta_range_id, generation, metadata }: LakefsCommit): LineCommit {
  const marks = ['.lakefs.merge.strategy', 'cherry-pick-origin'];
  return {
    id,
    parents,
    metaRange: meta_range_id,
    generation,
    brought: parents.length === 1 && marks.some((mark) => metadata[mark] !== undefined),
  };
}

function dropOldest(map: Map<string, unknown>, size: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= size) return;
    map.delete(oldest);
  }
}
