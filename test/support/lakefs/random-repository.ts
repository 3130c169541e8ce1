import type { LakefsClient } from '../../../src/lakefs/types.js';
import { commitObject } from './lakefs.js';

/** A repository in which things happen at random, the same ones for the same seed. */
export interface RandomRepository {
  readonly seed: number;
  /** Does one thing; answers with the commits that lakeFS would announce. */
  step(): Promise<readonly string[]>;
  /** In [0, 1). */
  random(): number;
}

export function randomRepository(lakefs: LakefsClient, repository: string, seed: number): RandomRepository {
  let state = seed;
  let files = 0;
  let branches = ['main'];
  /** Commits that were made on each branch, oldest first. */
  const made = new Map<string, string[]>([['main', []]]);

  /** mulberry32 */
  function random(): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const head = async (branch: string): Promise<string> =>
    (await lakefs.getBranch(repository, branch)).commit_id;

  async function commit(): Promise<void> {
    const branch = pick(branches);
    files += 1;
    made
      .get(branch)
      ?.push(await commitObject(lakefs, repository, branch, `gold/${files}.csv`, String(files)));
  }

  async function fork(): Promise<void> {
    files += 1;
    const [name, source] = [`branch-${files}`, pick(branches)];
    await lakefs.createBranch(repository, { name, source });
    branches.push(name);
    made.set(name, [await head(name)]);
  }

  async function merge(): Promise<void> {
    const [from, into] = [pick(branches), pick(branches)];
    if (from === into) return commit();
    const squash_merge = random() < 0.2;
    made.get(into)?.push(await lakefs.merge(repository, from, into, { squash_merge, allow_empty: true }));
  }

  async function revert(): Promise<void> {
    const branch = pick(branches);
    const { id, parents } = await lakefs.getCommit(repository, await head(branch));
    if (parents.length === 0) return commit();
    await lakefs.revert(repository, branch, { ref: id, parent_number: 1, allow_empty: true });
    made.get(branch)?.push(await head(branch));
  }

  async function reset(): Promise<void> {
    const branch = pick(branches);
    const to = pick(made.get(branch) ?? []);
    if (to === undefined) return commit();
    await lakefs.hardReset(repository, branch, to);
  }

  async function drop(): Promise<void> {
    const others = branches.filter((branch) => branch !== 'main');
    if (others.length === 0) return fork();
    const gone = pick(others);
    await lakefs.deleteBranch(repository, gone);
    branches = branches.filter((branch) => branch !== gone);
  }

  const weighted = [commit, commit, commit, fork, merge, merge, revert, reset, drop];

  return {
    seed,
    random,
    step: async () => {
      const before = new Set([...made.values()].flat());
      await pick(weighted)();
      return [...made.values()].flat().filter((id) => !before.has(id));
    },
  };
}
