import type { Moves } from '../../src/domain/sync/reconcile.js';
import type { HistoryWalk, KnownPlaces } from '../../src/facts/commits/history-walk.js';
import type { InstallationAccess } from '../../src/facts/links/access.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import type { LakefsRepository } from '../../src/lakefs/types.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { Cause, JobContext, JobPayloads, Queues } from '../../src/queue/types.js';

/** A commit that a branch points to. */
export interface Head {
  readonly branch: string;
  readonly head: string;
}

export interface MissingCommit {
  readonly commit: string;
  /** A label for its entry. */
  readonly branch?: string;
  readonly news?: 'history';
}

export interface Queued {
  /** New in the queue; the others were there. */
  readonly queued: number;
  /** Left alone, because a job of theirs sits in failed and waits for a person. */
  readonly failed: number;
}

/** One check of one repository, with all that was read of it. */
export interface Pass {
  readonly memory: RepositoryMemory;
  readonly mlflow: MlflowClients;
  readonly experimentId: string;
  readonly context: JobContext;
  /** Unix ms. */
  readonly now: () => number;
  readonly key: string;
  readonly payload: JobPayloads['reconcile-repository'];
  readonly there: LakefsRepository;
  readonly access: InstallationAccess;
  readonly facts: ServerFacts;
  readonly history: HistoryWalk;
  readonly queues: Pick<Queues, 'addMany'>;
  readonly reconcileMemory: ReconcileMemory;
  /** The commit that each watched branch points to. */
  readonly heads: ReadonlyMap<string, string>;
  /** The same as of the last check of this very repository; as they are now where there was none. */
  readonly before: ReadonlyMap<string, string>;
  readonly moves: Moves;
  readonly queue: (commits: readonly MissingCommit[], cause: Cause) => Promise<Queued>;
}

/** What one process knows about one repository. A cache: losing it costs a search of the catalog. */
export interface RepositoryMemory {
  /** Unix seconds: a repository that was recreated under its name is another one. */
  readonly created: number;
  /** Commits whose whole history is in the catalog or below the horizon. */
  readonly complete: Set<string>;
  /** Heads that need nothing, but have no entry that could be marked: below the horizon, or hidden by a person. */
  readonly settled: Set<string>;
  /** Where each branch was when its head was last settled, by name. */
  readonly places: Map<string, string>;
  /** Heads for which commits were queued, and when (Unix ms) they are worth another check. */
  readonly waits: Map<string, number>;
  /** The edge of the horizon as it is stored in MLflow; undefined until it has been read. */
  edge: ReadonlySet<string> | undefined;
  /** A complete commit on the default branch: other branches come from there. */
  anchor: string | undefined;
  /** Unix ms: from then on the catalog is read again. */
  readonly until: number;
}

export interface LastHeads {
  /** Of the repository, in Unix seconds: another one's commits are not there. */
  readonly created: number;
  /** By name of the branch. */
  readonly byBranch: ReadonlyMap<string, string>;
}

export interface Drawing {
  /** Of the repository, in Unix seconds. */
  readonly created: number;
  /** Commits, the head of the default branch first. */
  readonly edge: readonly string[];
}

export interface ReconcileMemory {
  /** Undefined where nothing is known, or it is about another repository or too old. */
  get(key: string, created: number): RepositoryMemory | undefined;
  remember(key: string, created: number, complete: ReadonlySet<string>): RepositoryMemory;
  /** The next check reads the catalog again. */
  forget(key: string): void;
  /** The heads of the last check. */
  readonly heads: Map<string, LastHeads>;
  /** Edges of horizons that this process has begun to store in MLflow, by key; a check that is retried goes on. */
  readonly drawing: Map<string, Drawing>;
  /** Why a repository is not checked, by key; for readiness and the log. */
  readonly paused: Map<string, string>;
}

/** @param lapIntervalMs so often everything is checked again, whatever is remembered */
export function createReconcileMemory(lapIntervalMs: number, now: () => number): ReconcileMemory {
  const repositories = new Map<string, RepositoryMemory>();
  return {
    get: (key, created) => {
      const known = repositories.get(key);
      return known !== undefined && known.created === created && known.until > now() ? known : undefined;
    },
    remember: (key, created, complete) => {
      const memory: RepositoryMemory = {
        created,
        complete: new Set(complete),
        settled: new Set(),
        places: new Map(),
        waits: new Map(),
        edge: undefined,
        anchor: undefined,
        until: now() + lapIntervalMs,
      };
      repositories.set(key, memory);
      return memory;
    },
    forget: (key) => void repositories.delete(key),
    heads: new Map(),
    drawing: new Map(),
    paused: new Map(),
  };
}

export function repositoryKey({
  installation,
  repository,
}: {
  readonly installation: string;
  readonly repository: string;
}): string {
  return `${installation}/${repository}`;
}

/**
 * The distinct heads, each with a branch that points there; the default branch first.
 *
 * @param also heads of the first check: no walk leads to one that lies below another of them
 */
export function distinctHeads({ heads, there }: Pass, also: Iterable<string> = []): readonly Head[] {
  const distinct = new Map<string, string>();
  const first = heads.get(there.default_branch);
  if (first !== undefined) distinct.set(first, there.default_branch);
  for (const [branch, head] of heads) if (!distinct.has(head)) distinct.set(head, branch);
  // Their branch may have moved on.
  for (const head of also) if (!distinct.has(head)) distinct.set(head, there.default_branch);
  return [...distinct].map(([head, branch]) => ({ branch, head }));
}

/** At most so many settled heads are asked whether a line of commits meets their history. */
export const maxAnchors = 8;

/**
 * Where a branch may have come from. Where there are more settled heads than are asked, a line that leaves one of the
 * others below the horizon is followed too far: that registers more than it had to, and never less.
 */
export function placesOf(
  { memory, heads, there }: Pass,
  edge: ReadonlySet<string>,
  isEnd: (commit: string) => boolean,
): (branch: string) => KnownPlaces {
  const isAnchor = (commit: string): boolean => isEnd(commit) || commit === memory.anchor;
  const some = [...new Set(heads.values())].filter(isAnchor).slice(0, maxAnchors);
  return (branch) => {
    const cameFrom = memory.places.get(branch);
    const likely = [heads.get(there.default_branch), memory.anchor, cameFrom, ...some];
    const anchors = likely.filter((commit) => commit !== undefined).filter(isAnchor);
    // After a start, with every branch moved on: where the default branch was at the first check.
    const distinct = anchors.length > 0 ? [...new Set(anchors)] : [...edge].slice(0, 1);
    return { anchors: distinct.slice(0, maxAnchors), cameFrom };
  };
}
