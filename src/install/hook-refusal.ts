import { answerIn, withoutPrefix } from './hook-log.js';

/** An action that stopped a request, or that lakeFS could not read. */
export interface Refusal {
  /** `pre-commit`, `pre-merge`, `prepare-commit`, `pre-create-branch`, `pre-delete-branch`. */
  readonly event: string;
  /** Its number in the repository's Actions tab, where a hook ran. */
  readonly run: string;
  /** What lakeFS says, without its own preamble. */
  readonly problem: string;
  /** The hook that refused; absent where the action files could not be read. */
  readonly hook?: { readonly action: string; readonly id: string; readonly run: string };
  /** The action file that lakeFS cannot read. */
  readonly file?: string;
}

/** Takes apart what lakeFS says where an action refused or could not be read; undefined for any other text. */
export function parseRefusal(detail: string): Refusal | undefined {
  const found = /([a-z-]{1,40}) hook aborted, run id '([^']{1,100})': (.*)$/.exec(detail);
  const [, event = '', run = '', rest = ''] = found ?? [];
  if (found === null) return undefined;
  const text = rest.replace(/^\d+ errors? occurred:\s*(\*\s)?/, '').trim();
  const hook =
    /^hook run id '([^']{1,100})' failed on action '([^']{1,200})' hook '([^']{1,300})': (.*)$/.exec(text);
  if (hook !== null) {
    const [, hookRun = '', action = '', id = '', problem = ''] = hook;
    return { event, run, problem: withoutPrefix(problem), hook: { action, id, run: hookRun } };
  }
  const file = /^(?:parsing|loading) file (_lakefs_actions\/\S{1,300}): (.*)$/.exec(text);
  if (file !== null) {
    const [, name = '', problem = ''] = file;
    return { event, run, problem, file: name };
  }
  return { event, run, problem: text };
}

/** What a person should know and do; `output` is the log of the hook, where there is one. */
export function describeRefusal({ event, run, problem, hook, file }: Refusal, output?: string): string {
  if (hook !== undefined) {
    const answer = output === undefined ? '' : answerIn(output);
    return (
      `hook "${hook.id}" of action "${hook.action}" refused it (${event}): ${problem}` +
      `${answer === '' ? '' : `; it answered: ${answer}`}. Its log is run ${run} in the repository's Actions tab. ${remedyFor(event)}`
    );
  }
  if (file !== undefined) {
    return (
      `lakeFS cannot read the action file ${file} on this branch (${problem}) and refuses every commit until ` +
      `it can: correct or delete that file on the branch, ${thenCommit}`
    );
  }
  if (problem.includes('already loaded')) {
    return (
      `two files in _lakefs_actions/ on this branch have the same action name (${problem}), so lakeFS refuses ` +
      `every commit: rename one of the actions or delete its file, ${thenCommit}`
    );
  }
  return (
    `lakeFS cannot run the actions of this branch (${event}: ${problem}): ` +
    `correct the files in _lakefs_actions/ on the branch, ${thenCommit}`
  );
}

/** lakeFS checks the files as they are staged, but keeps what it has read of a branch for 5 to 7.5 s. */
const thenCommit = 'commit that (lakeFS notices the change within 10 seconds), then run this again';

function remedyFor(event: string): string {
  return event.endsWith('-branch')
    ? 'Have that action let branches named tx-lakefs-mlflow-* through, then run this again'
    : 'If it demands commit metadata, pass it with --metadata KEY=VALUE; otherwise have that action let this change through, then run this again';
}
