import type { Failure } from '../domain/common/failure.js';
import { toLine } from '../domain/common/text.js';
import { failureFor, type HttpFailureFacts, type Meaning, meaningOf } from '../http/classify.js';
import { describe, tlsTrouble } from '../http/describe.js';
import { HttpError } from '../http/error.js';

/** lakeFS refused a request, did not answer, or answered with something else than lakeFS does. */
export class LakefsError extends HttpError {
  override readonly name = 'LakefsError';
  /** What lakeFS says, in one line; empty where it says nothing. */
  readonly detail: string;

  constructor(facts: HttpFailureFacts, known: { message?: string } = {}) {
    const detail = detailOf(facts);
    super(facts, { message: known.message ?? message(facts, detail), failure: failure(facts, detail) });
    this.detail = detail;
  }
}

/** lakeFS itself says that there is no such thing. A 404 of something in front of it proves nothing and is not meant. */
export function isNotFound(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 404 && error.failure.kind === 'permanent';
}

/** The user of our access key lacks a right; the keys themselves are good. */
export function isMissingRight(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 401 && lacksRight(error.detail);
}

/** lakeFS has understood the request and refuses it: wrong keys, or a user without this right. */
export function isRefusal(error: unknown): error is LakefsError {
  return error instanceof LakefsError && (error.status === 401 || error.status === 403);
}

/** The data itself is gone: collected, or of a repository that was deleted and made again. */
export function isGone(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 410;
}

/** Two commits have no history in common, as after a repository was made again. lakeFS answers 500. */
export function isNoMergeBase(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 500 && error.detail.includes('no merge base');
}

/** A name that no branch or tag can have: asked for one, lakeFS says so instead of 404. */
export function isInvalidName(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 400 && error.detail.includes('validation error');
}

/** A merge conflict, or a name that is taken. */
export function isConflict(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 409;
}

/** A commit, merge or revert that would change nothing. */
export function isNoChanges(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 400 && error.detail.endsWith('no changes');
}

/** The branch has uncommitted changes: no merge into it, no revert, no cherry-pick. */
export function isDirtyBranch(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 400 && error.detail.includes('dirty branch');
}

export function isProtectedBranch(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 403 && error.detail.includes('protected branch');
}

/** Another committer was faster; nothing was written. Current releases answer 500. */
export function isOvertaken(error: unknown): error is LakefsError {
  return error instanceof LakefsError && error.status === 500 && error.detail.includes('predicate failed');
}

function detailOf({ json }: HttpFailureFacts): string {
  if (typeof json !== 'object' || json === null || !('message' in json)) return '';
  // Schema errors carry the whole schema after their first line.
  const [text = ''] = String(json.message).split('\nSchema:');
  return toLine(text, 300);
}

function message(facts: HttpFailureFacts, detail: string): string {
  const { status } = facts;
  // No answer, a redirect, a port that wants TLS, or a page of something that is no lakeFS: the address is what matters.
  if (status === undefined || status < 400 || tlsTrouble(facts) !== undefined) return describe(facts);
  const start = `lakeFS answered ${status} for ${subjectOf(facts.url)}`;
  if (status === 401 && !lacksRight(detail)) {
    return `${start}: check LAKECTL_CREDENTIALS_ACCESS_KEY_ID and LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY`;
  }
  if (status === 401) return `${start}: ${detail}; give the user of our access key this permission`;
  if (detail === unknownRoute || (detail === '' && status === 404)) {
    return `${start}: no such API at that address; check LAKECTL_SERVER_ENDPOINT_URL`;
  }
  if (detail !== '') return `${start}: ${detail}`;
  return status === 409 ? `${start}: conflict` : start;
}

/** What lakeFS answers with 500 although no repetition will help. */
const permanent = /validation error|hook aborted|no merge base/;

function failure(facts: HttpFailureFacts, detail: string): Failure {
  return failureFor(meaningOfLakefs(facts, detail), facts);
}

/** lakeFS's own answers are JSON with a message. Both wrong keys and a missing right are 401. */
function meaningOfLakefs(facts: HttpFailureFacts, detail: string): Meaning {
  const { status } = facts;
  if (status === 409 || (status === 500 && permanent.test(detail))) return 'request';
  if (status === 401 && lacksRight(detail)) return 'right';
  if (status === 401 || detail === '' || detail === unknownRoute) return meaningOf(facts);
  return status === 400 || status === 403 || status === 404 ? 'request' : meaningOf(facts);
}

const unknownRoute = 'invalid API endpoint';

function lacksRight(detail: string): boolean {
  return detail.includes('insufficient permissions');
}

/**
 * Names what a request was about in a person's words, from its address: `branch "main" of repository "images"`.
 * Addresses that are about no repository are named by their path.
 */
function subjectOf(url: string): string {
  if (!URL.canParse(url)) return 'a request';
  const { pathname, searchParams } = new URL(url);
  const [, tail] = pathname.split('/api/v1/', 2);
  const [kind, ...parts] = (tail ?? pathname.slice(1)).split('/').map(decode);
  if (kind !== 'repositories') return `/${[kind, ...parts].join('/')}`;
  const [repository, what, name, action, other] = parts;
  if (repository === undefined) return 'the repositories';
  const of = `repository "${repository}"`;
  const path = searchParams.get('path');
  if (name === undefined) return what === undefined ? of : `the ${what} of ${of}`;
  if (path !== null) return `"${path}" at "${name}" of ${of}`;
  switch (what) {
    case 'branches':
      return `branch "${name}" of ${of}`;
    case 'tags':
      return `tag "${name}" of ${of}`;
    case 'commits':
      return `commit "${name}" of ${of}`;
    case 'refs':
      return other === undefined
        ? `"${name}" of ${of}`
        : `the ${action} of "${name}" and "${other}" of ${of}`;
    default:
      return `${what} ${name} of ${of}`;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
