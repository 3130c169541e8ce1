import { operationOf } from '../../domain/catalog/operation.js';
import type { Head } from '../../domain/links/branch-heads.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import { createCache, immutableMs } from '../common/cache.js';
import { LakefsInconsistentError, orInconsistent } from '../common/or-absent.js';
import { type CommitDifference, createCommitDifference } from './commit-difference.js';

/** What is remembered of a commit: about 400 bytes. */
export interface GraphCommit extends Head {
  /** Equal ids: equal trees. */
  readonly metaRange: string;
  /** Grows from each parent to its child; undefined where lakeFS does not say. */
  readonly generation: number | undefined;
}

/** The commits of a branch, newest first, each the first parent of the one before. */
export interface FirstParentLine {
  /** So many steps back; undefined before the first commit. Costs a request per 1,000 steps that are not remembered. */
  at(index: number): Promise<GraphCommit | undefined>;
  /** From the head back for as long as `more` says so of the commit that it is given; that commit is included. */
  readWhile(more: (commit: GraphCommit) => boolean): Promise<readonly GraphCommit[]>;
}

/**
 * The commit graph of one lakeFS, and the only place that steps through first parents. Commits never change, so nothing
 * is read twice. Commits are named by their full ids, which lakeFS has given before: where it answers 404 for one, that
 * passes (LakefsInconsistentError). All else throws what the lakeFS client throws.
 */
export interface CommitGraph {
  /** The commit that a branch or another ref leads to now. One request, which also reads `page` commits of its line. */
  head(repository: string, ref: string, page?: number): Promise<GraphCommit | undefined>;
  /** One request where it is not remembered, which also reads 100 commits of its line. */
  commit(repository: string, id: string): Promise<GraphCommit>;
  line(repository: string, head: string): FirstParentLine;
  /** The remembered part of a line, at most `limit` commits; where nothing is remembered one request for these. */
  page(repository: string, from: string, limit: number): Promise<readonly GraphCommit[]>;
  /**
   * Follows the steps of a ref, each the number of a parent (`~2` is 1, 1); undefined where there is no such parent.
   * Costs what its commits cost.
   */
  ancestor(repository: string, id: string, steps: readonly number[]): Promise<string | undefined>;
  /** True where `commit` is `head` or one of its ancestors. One request, once for each pair. */
  contains(repository: string, head: string, commit: string): Promise<boolean>;
  /** The best common ancestor; undefined where there is none. One request, once for each pair. */
  mergeBase(repository: string, left: string, right: string): Promise<string | undefined>;
  /** What data differs between two commits. */
  readonly difference: CommitDifference;
}

/** The newest commits are what is asked for most; who goes on back gets more at a time. */
const firstPage = 100;
const nextPage = 1_000;
const maxCommits = 50_000;
const maxLines = 200;

export function createCommitGraph(lakefs: LakefsClient, now: () => number): CommitGraph {
  const commits = new Map<string, GraphCommit>();
  const lines = new Map<string, FirstParentLine>();
  const bases = createCache<string | undefined>({ size: 50_000, ttlMs: () => immutableMs, now });
  /** Those who need the same page at once share one request. */
  const pages = createCache<readonly GraphCommit[]>({ size: 100, ttlMs: () => 0, now });

  async function load(repository: string, ref: string, limit: number): Promise<readonly GraphCommit[]> {
    const found: GraphCommit[] = [];
    for await (const entry of lakefs.log(repository, ref, { firstParent: true, limit })) {
      const commit = toGraphCommit(entry);
      commits.set(`${repository} ${commit.id}`, commit);
      found.push(commit);
    }
    dropOldest(commits, maxCommits);
    return found;
  }

  async function commit(repository: string, id: string, limit = firstPage): Promise<GraphCommit> {
    const key = `${repository} ${id}`;
    const known = commits.get(key);
    if (known !== undefined) return known;
    const [found] = await pages.get(key, () =>
      orInconsistent(`commit ${id.slice(0, 12)} of "${repository}"`, () => load(repository, id, limit)),
    );
    if (found?.id === id) return found;
    throw new LakefsInconsistentError(`lakeFS answers the log of commit ${id} with another commit`);
  }

  async function page(repository: string, from: string, limit: number): Promise<readonly GraphCommit[]> {
    const found: GraphCommit[] = [];
    let next: GraphCommit | undefined = await commit(repository, from, limit);
    while (next !== undefined && found.length < limit) {
      found.push(next);
      next = commits.get(`${repository} ${next.parents[0]}`);
    }
    return found;
  }

  function newLine(repository: string, head: string): FirstParentLine {
    const walked: GraphCommit[] = [];
    const at = async (index: number): Promise<GraphCommit | undefined> => {
      while (walked.length <= index) {
        const { length } = walked;
        const next = length === 0 ? head : walked[length - 1]?.parents[0];
        if (next === undefined) return undefined;
        const found = await page(repository, next, length === 0 ? firstPage : nextPage);
        // Another may have gone the same step in the meantime.
        if (walked.length === length) walked.push(...found);
      }
      return walked[index];
    };
    return {
      at,
      readWhile: async (more) => {
        for (let index = 0; ; index += 1) {
          const commit = await at(index);
          if (commit === undefined || !more(commit)) return walked.slice(0, index + 1);
        }
      },
    };
  }

  const mergeBase = (repository: string, left: string, right: string): Promise<string | undefined> =>
    bases.get(`${repository} ${left} ${right}`, () => lakefs.mergeBase(repository, left, right));

  return {
    head: async (repository, ref, limit = firstPage) => (await load(repository, ref, limit))[0],
    commit: (repository, id) => commit(repository, id),
    page,
    line: (repository, head) => {
      const key = `${repository} ${head}`;
      const line = lines.get(key) ?? newLine(repository, head);
      lines.set(key, line);
      dropOldest(lines, maxLines);
      return line;
    },
    ancestor: async (repository, id, steps) => {
      let at = id;
      for (const step of steps) {
        const parent = (await commit(repository, at)).parents[step - 1];
        if (parent === undefined) return undefined;
        at = parent;
      }
      return at;
    },
    contains: async (repository, head, id) => head === id || (await mergeBase(repository, id, head)) === id,
    mergeBase,
    difference: createCommitDifference(lakefs, now),
  };
}

function toGraphCommit(commit: LakefsCommit): GraphCommit {
  const { id, parents, creation_date: seconds, meta_range_id: metaRange, generation } = commit;
  const operation = operationOf(commit);
  return {
    id,
    parents,
    seconds,
    metaRange,
    generation,
    plain: operation === 'commit' || operation === 'root',
  };
}

function dropOldest(map: Map<string, unknown>, size: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= size) return;
    map.delete(oldest);
  }
}
