import { toLine } from '../domain/common/text.js';

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

const errorMark = 'Error: ';
/** Bytes or characters; cut before anything else is done, since lakeFS stores answers of any size. */
const longest = 2_000;
const shown = 300;

/** Why a hook failed, in one line, by its log in lakeFS; empty where it did not. */
export function errorIn(log: string): string {
  const at = log.lastIndexOf(errorMark);
  if (at < 0) return '';
  const start = at + errorMark.length;
  return withoutPrefix(toLine(log.slice(start, start + longest), shown));
}

/** The body that the receiver of a webhook answered with, in one line, by the hook's log; empty where there is none. */
export function answerIn(log: string): string {
  const start = log.indexOf('\nResponse:\n');
  if (start < 0) return '';
  const end = log.lastIndexOf(errorMark);
  const text = log.slice(start, end < start ? log.length : end);
  const blank = text.indexOf('\r\n\r\n');
  if (blank < 0) return '';
  const body = text.slice(blank + 4, blank + 4 + longest);
  // Go writes down a chunked answer as it came, sizes included.
  const chunked = /\ntransfer-encoding: chunked/i.test(text.slice(0, Math.min(blank, longest)));
  return toLine(chunked ? dechunk(body) : body, shown);
}

function dechunk(text: string): string {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts).toString();
}

/** lakeFS's words without what it puts before and behind them. */
function withoutPrefix(problem: string): string {
  return problem.replace(/^action failed: /, '').replace(/ stack traceback:.*$/, '');
}
