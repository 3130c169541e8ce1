import type { History } from './commit-line.js';

/** Finds the branches that hold commits which the default branch does not. */
export interface BranchHolders {
  /**
   * Those of `heads` that are the commit or hold it, for a commit that the default branch does not hold. Costs two
   * requests for each head that was not seen before, once for all commits, and one for each pair of a commit and a
   * branch that merged from elsewhere.
   */
  holding(
    repository: string,
    commit: string,
    heads: Iterable<string>,
    defaultHead: string,
  ): Promise<readonly string[]>;
}

/** The commits of a branch since it left the default branch. */
interface Side {
  readonly commits: ReadonlySet<string>;
  /** False where other commits may have come in by a merge, or there are too many to read. */
  readonly whole: boolean;
}

/** A branch of its own with more commits is asked about commit by commit. */
const maxSide = 1_000;
/** As many branches are looked at in one breath; the client holds the requests in check. */
const atOnce = 50;

interface Sides {
  /** The default branch held all of what is known to be common at this commit, and so at all later ones. */
  defaultHead: string;
  known: Map<string, Promise<Side>>;
}

export function createBranchHolders(history: History): BranchHolders {
  const repositories = new Map<string, Sides>();

  /** What a branch has of its own stays so while the default branch only grows; after a hard reset it may be more. */
  async function sidesFor(repository: string, defaultHead: string): Promise<Map<string, Promise<Side>>> {
    const sides = repositories.get(repository) ?? { defaultHead, known: new Map() };
    if (sides.defaultHead !== defaultHead) {
      const grown = await history.contains(repository, defaultHead, sides.defaultHead);
      const fresh = { defaultHead, known: grown ? sides.known : new Map() };
      repositories.set(repository, fresh);
      return fresh.known;
    }
    repositories.set(repository, sides);
    return sides.known;
  }

  async function readSide(repository: string, head: string, defaultHead: string): Promise<Side> {
    const base = await history.base(repository, defaultHead, head);
    const line = history.line(repository, head);
    const commits = new Set<string>();
    let merged = false;
    for (let index = 0; index < maxSide; index += 1) {
      const commit = await line.at(index);
      if (commit === undefined || commit.id === base) return { commits, whole: !merged };
      commits.add(commit.id);
      merged ||= commit.parents.length > 1;
    }
    return { commits, whole: false };
  }

  return {
    holding: async (repository, commit, heads, defaultHead) => {
      const distinct = [...new Set(heads)];
      const known = await sidesFor(repository, defaultHead);
      const holds = async (head: string): Promise<boolean> => {
        const reading = known.get(head) ?? readSide(repository, head, defaultHead);
        known.set(head, reading);
        // What failed is tried again by whoever asks next.
        reading.catch(() => known.delete(head));
        const { commits, whole } = await reading;
        return commits.has(commit) || (!whole && history.contains(repository, head, commit));
      };
      const found: string[] = [];
      for (let start = 0; start < distinct.length; start += atOnce) {
        const some = distinct.slice(start, start + atOnce);
        const held = await Promise.all(some.map(holds));
        found.push(...some.filter((_, index) => held[index]));
      }
      for (const head of known.keys()) {
        if (known.size <= 20_000) break;
        known.delete(head);
      }
      return found;
    },
  };
}
