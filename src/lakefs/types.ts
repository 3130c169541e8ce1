import type {
  LakefsActionRun,
  LakefsCommit,
  LakefsDiffEntry,
  LakefsHookRun,
  LakefsObject,
  LakefsRef,
  LakefsRepository,
} from './entities.js';

export type {
  LakefsActionRun,
  LakefsCommit,
  LakefsDiffEntry,
  LakefsHookRun,
  LakefsObject,
  LakefsRef,
  LakefsRepository,
} from './entities.js';

export interface LogOptions {
  readonly firstParent?: boolean;
  /** At most this many commits. */
  readonly limit?: number;
  /** lakeFS answers with the whole log where this commit is not in the history. */
  readonly stopAt?: string;
  readonly objects?: readonly string[];
  readonly prefixes?: readonly string[];
}

export interface DiffOptions {
  /** Default `two_dot`: the trees as they are (lakeFS's own default is `three_dot`, from the merge base). */
  readonly type?: 'two_dot' | 'three_dot';
  readonly prefix?: string;
  readonly delimiter?: string;
  /** At most this many entries. */
  readonly limit?: number;
}

export interface ListOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
}

/**
 * A lakeFS server as the service sees it. Every method throws `LakefsError` (src/lakefs/errors.ts), whose
 * `status` is the HTTP status and whose `failure` tells the queue what to do. Listings are read page by page
 * as they are iterated.
 */
export interface LakefsClient {
  /** The endpoint without `/api/v1` and without a closing slash. */
  readonly endpoint: string;
  version(): Promise<string>;
  repositories(options?: { readonly limit?: number }): AsyncIterable<LakefsRepository>;
  getRepository(repository: string): Promise<LakefsRepository>;
  createRepository(request: {
    name: string;
    storage_namespace: string;
    default_branch?: string;
  }): Promise<LakefsRepository>;
  deleteRepository(repository: string): Promise<void>;
  getCommit(repository: string, ref: string): Promise<LakefsCommit>;
  log(repository: string, ref: string, options?: LogOptions): AsyncIterable<LakefsCommit>;
  branches(repository: string, options?: { prefix?: string; hidden?: boolean }): AsyncIterable<LakefsRef>;
  getBranch(repository: string, branch: string): Promise<LakefsRef>;
  /** Answers with the commit id that the branch points to. */
  createBranch(
    repository: string,
    request: { name: string; source: string; hidden?: boolean },
  ): Promise<string>;
  deleteBranch(repository: string, branch: string): Promise<void>;
  tags(repository: string, options?: { prefix?: string }): AsyncIterable<LakefsRef>;
  getTag(repository: string, tag: string): Promise<LakefsRef>;
  createTag(repository: string, request: { id: string; ref: string }): Promise<LakefsRef>;
  diff(
    repository: string,
    left: string,
    right: string,
    options?: DiffOptions,
  ): AsyncIterable<LakefsDiffEntry>;
  uncommitted(
    repository: string,
    branch: string,
    options?: ListOptions & { readonly limit?: number },
  ): AsyncIterable<LakefsDiffEntry>;
  /** Undefined where the two have no history in common. */
  mergeBase(repository: string, source: string, destination: string): Promise<string | undefined>;
  /** `limit`: at most so many. */
  objects(
    repository: string,
    ref: string,
    options?: ListOptions & { readonly limit?: number },
  ): AsyncIterable<LakefsObject>;
  statObject(repository: string, ref: string, path: string): Promise<LakefsObject>;
  readObject(repository: string, ref: string, path: string): Promise<Buffer>;
  uploadObject(
    repository: string,
    branch: string,
    path: string,
    content: Buffer | string,
    options?: { contentType?: string; ifAbsent?: boolean },
  ): Promise<LakefsObject>;
  deleteObject(repository: string, branch: string, path: string): Promise<void>;
  commit(
    repository: string,
    branch: string,
    request: { message: string; metadata?: Record<string, string>; date?: number; allow_empty?: boolean },
  ): Promise<LakefsCommit>;
  /** Answers with the id of the merge commit. */
  merge(
    repository: string,
    source: string,
    destination: string,
    request?: {
      message?: string;
      metadata?: Record<string, string>;
      strategy?: 'source-wins' | 'dest-wins';
      squash_merge?: boolean;
      allow_empty?: boolean;
    },
  ): Promise<string>;
  revert(
    repository: string,
    branch: string,
    request: { ref: string; parent_number: number; allow_empty?: boolean },
  ): Promise<void>;
  cherryPick(
    repository: string,
    branch: string,
    request: { ref: string; parent_number?: number },
  ): Promise<LakefsCommit>;
  hardReset(repository: string, branch: string, ref: string): Promise<void>;
  actionRuns(
    repository: string,
    options?: { branch?: string; commit?: string },
  ): AsyncIterable<LakefsActionRun>;
  hookRuns(repository: string, runId: string): AsyncIterable<LakefsHookRun>;
  hookOutput(repository: string, runId: string, hookRunId: string): Promise<string>;
}
