import type { Installation } from '../../config/types.js';
import { isWatchedBranch } from '../../domain/status/watched-branch.js';
import { orAbsent } from '../common/or-absent.js';
import type { CommitGraph } from './commit-graph.js';
import type { LakefsFacts } from './lakefs-facts.js';

/** Branches that are asked whether they contain a commit. */
const maxAsked = 20;

/**
 * A watched branch that contains a commit, the default branch first; undefined where none does. It is a label for
 * people, so the search gives up after 20 branches. Costs a request for each of these, once for each pair of a head and
 * a commit. Throws what the lakeFS client throws.
 */
export async function branchContaining(
  { settings, facts }: { readonly settings: Installation; readonly facts: LakefsFacts },
  repository: string,
  commit: string,
): Promise<string | undefined> {
  const known = await facts.repository(repository);
  if (known === undefined) return undefined;
  const { byBranch } = await facts.heads(repository);
  const watched = [...byBranch].filter(([branch]) => isWatchedBranch(settings.branches, branch));
  const isDefault = ([branch]: Branch): boolean => branch === known.default_branch;
  const ordered = [...watched.filter(isDefault), ...watched.filter((branch) => !isDefault(branch))];
  for (const [branch, head] of ordered.slice(0, maxAsked)) {
    if (await orAbsent(() => facts.graph.contains(repository, head, commit))) return branch;
  }
  return undefined;
}

/** A name, and the commit that it points to. */
type Branch = readonly [name: string, head: string];

/** Finds the branches that contain commits which the default branch does not. */
export interface ContainingBranches {
  /**
   * Those of `branches` that point to the commit or contain it, for a commit that the default branch does not contain; of
   * several at one head the first. Costs two requests for each head that was not seen before, once for all commits, and
   * one for each pair of a commit and a branch that merged from elsewhere.
   */
  among(
    repository: string,
    commit: string,
    branches: readonly Branch[],
    defaultHead: string,
  ): Promise<readonly Branch[]>;
}

/** What a branch has that the default branch has not. */
interface OwnPart {
  readonly commits: ReadonlySet<string>;
  /** False where other commits may have come in by a merge, or there are too many to read. */
  readonly whole: boolean;
}

/** A branch with more commits of its own is asked about commit by commit. */
const maxOwn = 1_000;
/** As many branches are asked at once; the client holds the requests in check. */
const atOnce = 50;

interface OwnParts {
  /** The default branch held all of what is known to be common at this commit, and so at all later ones. */
  defaultHead: string;
  known: Map<string, Promise<OwnPart>>;
}

export function createContainingBranches(graph: CommitGraph): ContainingBranches {
  const repositories = new Map<string, OwnParts>();

  /** What a branch has of its own stays so while the default branch only grows; after a hard reset it may be more. */
  async function partsFor(repository: string, defaultHead: string): Promise<OwnParts['known']> {
    const parts = repositories.get(repository) ?? { defaultHead, known: new Map() };
    if (parts.defaultHead !== defaultHead) {
      const grown = await graph.contains(repository, defaultHead, parts.defaultHead);
      const fresh = { defaultHead, known: grown ? parts.known : new Map() };
      repositories.set(repository, fresh);
      return fresh.known;
    }
    repositories.set(repository, parts);
    return parts.known;
  }

  async function readOwn(repository: string, head: string, defaultHead: string): Promise<OwnPart> {
    const base = await graph.mergeBase(repository, defaultHead, head);
    const line = graph.line(repository, head);
    const commits = new Set<string>();
    let merged = false;
    for (let index = 0; index < maxOwn; index += 1) {
      const commit = await line.at(index);
      if (commit === undefined || commit.id === base) return { commits, whole: !merged };
      commits.add(commit.id);
      merged ||= commit.parents.length > 1;
    }
    return { commits, whole: false };
  }

  return {
    among: async (repository, commit, branches, defaultHead) => {
      const byHead = new Map<string, Branch>();
      for (const branch of branches) if (!byHead.has(branch[1])) byHead.set(branch[1], branch);
      const distinct = [...byHead.values()];
      const known = await partsFor(repository, defaultHead);
      const contains = async ([, head]: Branch): Promise<boolean> => {
        const reading = known.get(head) ?? readOwn(repository, head, defaultHead);
        known.set(head, reading);
        // What failed is tried again by whoever asks next.
        reading.catch(() => known.delete(head));
        const { commits, whole } = await reading;
        return commits.has(commit) || (!whole && graph.contains(repository, head, commit));
      };
      const found: Branch[] = [];
      for (let start = 0; start < distinct.length; start += atOnce) {
        const some = distinct.slice(start, start + atOnce);
        const contained = await Promise.all(some.map(contains));
        found.push(...some.filter((_, index) => contained[index]));
      }
      for (const head of known.keys()) {
        if (known.size <= 20_000) break;
        known.delete(head);
      }
      return found;
    },
  };
}
