import { sortedMetadata } from '../model/commit.js';

export type EventType =
  | 'prepare-commit'
  | `${'pre' | 'post'}-${'commit' | 'merge' | 'revert' | 'cherry-pick'}`
  | `${'pre' | 'post'}-${'create' | 'delete'}-${'branch' | 'tag'}`;

export const eventTypes: readonly EventType[] = [
  'prepare-commit',
  ...(['pre', 'post'] as const).flatMap((when) => [
    ...(['commit', 'merge', 'revert', 'cherry-pick'] as const).map((what) => `${when}-${what}` as const),
    ...(['create', 'delete'] as const).flatMap((verb) =>
      (['branch', 'tag'] as const).map((what) => `${when}-${verb}-${what}` as const),
    ),
  ]),
];

/** What happened, as far as the event's kind says it. */
export interface EventFacts {
  readonly type: EventType;
  readonly branchId?: string;
  /** The ref that the action files are read from. */
  readonly sourceRef: string;
  readonly tagId?: string;
  readonly commitId?: string;
  readonly commitMessage?: string;
  readonly committer?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The merge source exactly as typed. */
  readonly mergeSource?: string;
}

export interface EventContext {
  readonly actionName: string;
  readonly hookId: string;
  readonly repositoryId: string;
  /** Milliseconds since 1970, when this hook is about to be sent. */
  readonly nowMs: number;
}

/** The body of a hook request: lakeFS's fields in lakeFS's order, empty ones left out, escaped as Go does. */
export function eventBody(facts: EventFacts, context: EventContext): string {
  const metadata = sortedMetadata(facts.metadata ?? {});
  const fields: [string, unknown][] = [
    ['event_type', facts.type],
    ['event_time', `${new Date(context.nowMs).toISOString().slice(0, 19)}Z`],
    ['action_name', context.actionName],
    ['hook_id', context.hookId],
    ['repository_id', context.repositoryId],
    ['branch_id', facts.branchId],
    ['source_ref', facts.sourceRef],
    ['tag_id', facts.tagId],
    ['commit_id', facts.commitId],
    ['commit_message', facts.commitMessage],
    ['committer', facts.committer],
    ['commit_metadata', Object.keys(metadata).length === 0 ? undefined : metadata],
    ['merge_source', facts.mergeSource],
  ];
  const present = fields.filter(([, value]) => value !== undefined && value !== '');
  return JSON.stringify(Object.fromEntries(present)).replace(/[<>&\u2028\u2029]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
