import { Ajv, type ValidateFunction } from 'ajv';
import { branchNamePattern, repositoryNamePattern } from '../src/domain/references/lakefs-names.js';
import { type HookEvent, type HookEventType, hookEventFields } from '../src/domain/sync/hook-event.js';

/** An event, or what is wrong with the body in a few words that repeat nothing of it. */
export type CheckedEvent =
  | { readonly event: HookEvent; readonly problem?: undefined }
  | { readonly event?: undefined; readonly problem: string };

const text = { type: 'string' };
const repository = { type: 'string', pattern: repositoryNamePattern };
/** lakeFS itself sets no length; its largest key-value store takes keys of 64 kB. */
const branch = { type: 'string', pattern: branchNamePattern, maxLength: 65_536 };
const commitId = { type: 'string', pattern: '^[0-9a-f]{64}$' };

/**
 * Returns the check of a parsed body: one schema per lakeFS event, which demands the fields that the event
 * always has and lets new ones pass (lakeFS has added fields before, and leaves empty ones out).
 */
export function createEventCheck(): (body: unknown) => CheckedEvent {
  const ajv = new Ajv({ allErrors: false });
  const validators = new Map<string, ValidateFunction<HookEvent>>();
  for (const [type, fields] of Object.entries(hookEventFields)) {
    validators.set(type, ajv.compile<HookEvent>(schemaOf(type, fields)));
  }
  return function checkEvent(body) {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      return { problem: 'The body is not a JSON object.' };
    }
    if (!('event_type' in body) || typeof body.event_type !== 'string') {
      return { problem: 'The body has no event_type: it is not an event of lakeFS.' };
    }
    const validate = validators.get(body.event_type);
    if (!validate) return { problem: 'This event_type is not one of the 17 events of lakeFS.' };
    if (validate(body)) return { event: body };
    return { problem: describe(validate) };
  };
}

function schemaOf(type: HookEventType | string, required: readonly string[]): object {
  return {
    type: 'object',
    required: ['event_type', 'repository_id', ...required],
    properties: {
      event_type: { const: type },
      event_time: text,
      action_name: text,
      hook_id: text,
      repository_id: repository,
      branch_id: branch,
      tag_id: text,
      source_ref: text,
      merge_source: text,
      commit_id: type.startsWith('post-') ? commitId : text,
      commit_message: text,
      committer: text,
      commit_metadata: { type: 'object' },
    },
  };
}

/** A regular expression tells people little. */
const rules: Readonly<Record<string, string>> = {
  '/repository_id': 'repository_id is not a repository name (3 to 63 lower-case letters, digits and dashes).',
  '/branch_id': 'branch_id is not a branch name (letters, digits, dashes and underscores).',
  '/commit_id': 'commit_id is not a commit id (64 lower-case hex digits).',
};

/** The schema's own words only: ajv's messages name fields and rules, never values. */
function describe(validate: ValidateFunction): string {
  const error = validate.errors?.[0];
  const rule = error?.keyword === 'pattern' ? rules[error.instancePath] : undefined;
  if (rule !== undefined) return rule;
  const field = error?.instancePath.slice(1) || 'The body';
  return `${field} ${error?.message ?? 'is not what lakeFS sends'}.`;
}
