/** What one process knows about one repository. A cache: losing it costs a search of the catalog. */
export interface RepositoryMemory {
  /** Unix seconds: a repository that was made anew under its name is another one. */
  readonly created: number;
  /** Commits whose whole history is in the catalog or below the horizon. */
  readonly complete: Set<string>;
  /** Heads that need nothing, but have no entry that could be marked: below the horizon, or hidden by a person. */
  readonly settled: Set<string>;
  /** Where each branch was when its head was last settled, by name. */
  readonly places: Map<string, string>;
  /** Heads for which commits were queued, and when (Unix ms) they are worth another look. */
  readonly waits: Map<string, number>;
  /** The edge of the horizon as it is stored in MLflow; undefined until it has been read. */
  edge: ReadonlySet<string> | undefined;
  /** A complete commit on the default branch: other branches come from there. */
  anchor: string | undefined;
  /** Unix ms: from then on the catalog is read anew. */
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
  /** The next look reads the catalog anew. */
  forget(key: string): void;
  /** The heads of the last look. */
  readonly heads: Map<string, LastHeads>;
  /** Edges of horizons that this process has begun to store in MLflow, by key; a look that is tried again goes on. */
  readonly drawing: Map<string, Drawing>;
  /** Why a repository is not looked at, by key; for readiness and the log. */
  readonly paused: Map<string, string>;
}

/** @param lapIntervalMs so often everything is looked at anew, whatever is remembered */
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
