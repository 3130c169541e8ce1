import { createHash } from 'node:crypto';
import type { Tree } from './tree.js';

export interface Commit {
  /** 64 hex digits, made from all that follows: equal commits made in one second have one id. */
  readonly id: string;
  readonly committer: string;
  readonly message: string;
  /** Milliseconds since 1970; a caller may set it. Shown and hashed in seconds, but the log sorts by all of it. */
  readonly createdMs: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parents: readonly string[];
  readonly generation: number;
  readonly tree: Tree;
}

export type NewCommit = Omit<Commit, 'id'>;

export function makeCommit(commit: NewCommit): Commit {
  const metadata = sortedMetadata(commit.metadata);
  const identity = [
    commit.committer,
    commit.message,
    commit.tree.metaRangeId,
    creationSeconds(commit),
    Object.entries(metadata),
    commit.parents,
  ];
  const id = createHash('sha256')
    .update(`commit:${JSON.stringify(identity)}`)
    .digest('hex');
  return { ...commit, metadata, id };
}

export function sortedMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function creationSeconds(commit: Pick<Commit, 'createdMs'>): number {
  return Math.floor(commit.createdMs / 1000);
}
