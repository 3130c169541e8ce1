/** A lakeFS commit as the catalog needs it; the client's own type fits. */
export interface CatalogCommit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly committer: string;
  readonly message: string;
  /** Unix seconds; callers may set it to anything. */
  readonly creation_date: number;
  readonly meta_range_id: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export type Operation = 'merge' | 'cherry-pick' | 'import-or-squash' | 'commit' | 'root';

/**
 * What made a commit, decided from the commit alone. A squash merge and an import look the same. Some releases add a
 * `cherry-pick-origin` that is the commit's own id to a commit that was cherry-picked: it means nothing.
 */
export function operationOf({ id, parents, metadata }: CatalogCommit): Operation {
  if (parents.length === 0) return 'root';
  if (parents.length > 1) return 'merge';
  const origin = metadata['cherry-pick-origin'];
  if (origin !== undefined && origin !== id) return 'cherry-pick';
  return metadata['.lakefs.merge.strategy'] === undefined ? 'commit' : 'import-or-squash';
}
