import { matches } from '../common/globs.js';
import { isMachineBranch, isWatchedBranch } from '../status/watched-branch.js';

/** Which fields each of lakeFS's 17 events always carries, beside its type and repository. */
export const hookEventFields = {
  'prepare-commit': ['branch_id'],
  'pre-commit': ['branch_id'],
  'post-commit': ['branch_id', 'commit_id'],
  'pre-merge': ['branch_id'],
  'post-merge': ['branch_id', 'commit_id'],
  'pre-create-branch': ['branch_id'],
  'post-create-branch': ['branch_id'],
  'pre-delete-branch': ['branch_id'],
  'post-delete-branch': ['branch_id'],
  'pre-create-tag': ['tag_id'],
  'post-create-tag': ['tag_id'],
  'pre-delete-tag': ['tag_id'],
  'post-delete-tag': ['tag_id'],
  'pre-revert': ['branch_id'],
  'post-revert': ['branch_id', 'commit_id'],
  'pre-cherry-pick': ['branch_id'],
  'post-cherry-pick': ['branch_id', 'commit_id'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type HookEventType = keyof typeof hookEventFields;

/** The part of a lakeFS event that decides what is done about it. */
export interface HookEvent {
  readonly event_type: HookEventType;
  readonly repository_id: string;
  readonly branch_id?: string;
  readonly commit_id?: string;
}

export type HookDecision =
  | {
      readonly kind: 'register';
      readonly repository: string;
      readonly branch: string;
      readonly commit: string;
    }
  | { readonly kind: 'ignore'; readonly reason: string };

/** Every way in which lakeFS makes a commit and tells of it: a revert or a cherry-pick sends no post-commit. */
const makesCommit: ReadonlySet<HookEventType> = new Set<HookEventType>([
  'post-commit',
  'post-merge',
  'post-revert',
  'post-cherry-pick',
]);

/** What an event of a repository means for us. The reason is a sentence for the person who reads lakeFS's log. */
export function decideHookEvent(
  event: HookEvent,
  watched: { readonly repositories: readonly string[]; readonly branches: readonly string[] },
): HookDecision {
  const { branch_id: branch, commit_id: commit } = event;
  if (!makesCommit.has(event.event_type) || branch === undefined || commit === undefined) {
    return ignore(
      event.event_type.startsWith('post-')
        ? 'Nothing to do: this event creates no commit.'
        : 'Nothing to do: at a pre- event nothing has happened yet (use the post- events).',
    );
  }
  if (!matches(watched.repositories, event.repository_id)) {
    return ignore('Nothing to do: this repository is not watched (setting REPOSITORIES).');
  }
  if (!isWatchedBranch(watched.branches, branch)) {
    return ignore(
      isMachineBranch(branch)
        ? 'Nothing to do: this branch is not watched (setting BRANCHES). A program made it for a single write; the ' +
            'merge is what counts.'
        : 'Nothing to do: this branch is not watched (setting BRANCHES).',
    );
  }
  return { kind: 'register', repository: event.repository_id, branch, commit };
}

function ignore(reason: string): HookDecision {
  return { kind: 'ignore', reason };
}
