import type { RunRecord } from '../actions/records.js';
import { ApiFailure, notFound } from '../failure.js';
import { type Commit, makeCommit, type NewCommit } from './commit.js';
import type { Entry } from './entry.js';
import { Tree } from './tree.js';

export interface Branch {
  readonly name: string;
  readonly hidden: boolean;
  head: string;
  /** Uncommitted objects; null is an uncommitted removal. */
  readonly staged: Map<string, Entry | null>;
}

/** The state of one repository. Whoever changes it does so without waiting in between. */
export interface Repository {
  readonly id: string;
  readonly storageNamespace: string;
  readonly defaultBranch: string;
  readonly readOnly: boolean;
  readonly createdMs: number;
  readonly commits: Map<string, Commit>;
  readonly branches: Map<string, Branch>;
  /** Tag name to commit id. */
  readonly tags: Map<string, string>;
  /** Patterns of `settings/branch_protection`. */
  protectedBranches: readonly string[];
  readonly runs: Map<string, RunRecord>;
}

export type NewRepository = Pick<
  Repository,
  'id' | 'storageNamespace' | 'defaultBranch' | 'readOnly' | 'createdMs'
>;

export function makeRepository(settings: NewRepository): Repository {
  const root = makeCommit({
    committer: '',
    message: 'Repository created',
    createdMs: settings.createdMs,
    metadata: {},
    parents: [],
    generation: 1,
    tree: Tree.empty,
  });
  const main: Branch = { name: settings.defaultBranch, hidden: false, head: root.id, staged: new Map() };
  return {
    ...settings,
    commits: new Map([[root.id, root]]),
    branches: new Map([[main.name, main]]),
    tags: new Map(),
    protectedBranches: [],
    runs: new Map(),
  };
}

export function commitOf(repository: Repository, id: string): Commit {
  const commit = repository.commits.get(id);
  if (commit === undefined) throw notFound('commit not found');
  return commit;
}

export function headOf(repository: Repository, branch: Branch): Commit {
  return commitOf(repository, branch.head);
}

/** Stores a commit on top of `parents`; the caller moves the branch. */
export function addCommit(
  repository: Repository,
  commit: Omit<NewCommit, 'generation' | 'parents'> & { readonly parents: readonly Commit[] },
  /** The source of a squash merge: no parent, but it counts for the generation. */
  squashed?: Commit,
): Commit {
  const before = squashed === undefined ? commit.parents : [...commit.parents, squashed];
  const made = makeCommit({
    ...commit,
    parents: commit.parents.map((parent) => parent.id),
    generation: Math.max(0, ...before.map((parent) => parent.generation)) + 1,
  });
  repository.commits.set(made.id, made);
  return made;
}

/** The objects that a reader of the branch sees: the head and what is staged on it. */
export function stagedTree(repository: Repository, branch: Branch): Tree {
  return headOf(repository, branch).tree.with(branch.staged);
}

/** @throws ApiFailure 403 */
export function refuseReadOnly(repository: Repository): void {
  if (repository.readOnly) throw new ApiFailure(403, 'read-only repository');
}
