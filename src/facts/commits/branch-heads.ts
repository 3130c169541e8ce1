import { isWatchedBranch } from '../../domain/status/watched-branch.js';
import type { InstallationAccess } from '../links/access.js';

export interface BranchHeads {
  /** The commit that each watched branch points to, by name. */
  readonly watched: ReadonlyMap<string, string>;
  /** False where the default branch is missing. Nobody can delete it, so lakeFS is deleting the repository. */
  readonly whole: boolean;
}

/** A request per 1,000 branches; hidden ones are not listed. Throws what the lakeFS client throws. */
export async function readBranchHeads(
  { settings, lakefs }: InstallationAccess,
  repository: string,
  defaultBranch: string,
): Promise<BranchHeads> {
  const watched = new Map<string, string>();
  let whole = false;
  for await (const { id, commit_id } of lakefs.branches(repository)) {
    whole ||= id === defaultBranch;
    if (isWatchedBranch(settings.branches, id)) watched.set(id, commit_id);
  }
  return { watched, whole };
}
