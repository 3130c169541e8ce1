import type { Failure } from '../domain/common/failure.js';

/**
 * What a failed attempt says.
 *
 * - `request`: the server has understood the request and will never do it;
 * - `right`: the server says that this user may not do this; a server that refuses everything may say so, too;
 * - `refusal`: nothing of ours gets through, so it seems: wrong keys, a login page, a redirect, another server's page;
 * - `trouble`: no answer, or that of a server in trouble;
 * - `wait`: the server asks for patience;
 * - `passing`: a collision that passes by itself.
 */
export type Meaning = 'request' | 'right' | 'refusal' | 'trouble' | 'wait' | 'passing';

/** What a failed attempt says by its status alone. Clients that know their server's own answers refine this. */
export function meaningOf({ status, code, retryAfterMs, json }: HttpFailureFacts): Meaning {
  if (code === answerTooLarge) return 'request';
  if (status === undefined) return 'trouble';
  if (status === 429) return 'wait';
  if (status === 408 || status >= 500) return retryAfterMs === undefined ? 'trouble' : 'wait';
  // 2xx comes here only where JSON was expected and something else came: a login or maintenance page.
  if (status < 400 || refusals.includes(status)) return 'refusal';
  // A server of ours says in JSON what is wrong with a request.
  if (json === undefined && (status === 400 || status === 404)) return 'refusal';
  return status === 409 ? 'passing' : 'request';
}

const refusals: readonly number[] = [401, 403, 407];

/**
 * What becomes of the work. Where the server answers other requests meanwhile, this one is to blame, and its failures
 * are counted; where it does not, the work waits. Unless somebody has found that out, the answer itself has to tell.
 */
export function failureFor(meaning: Meaning, facts: HttpFailureFacts): Failure {
  const { retryAfterMs, serverAnswers } = facts;
  return {
    kind: kindOf(meaning, facts),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(meaning === 'wait' && serverAnswers === true ? { onlyThis: true } : {}),
  };
}

function kindOf(meaning: Meaning, { status, serverAnswers }: HttpFailureFacts): Failure['kind'] {
  switch (meaning) {
    case 'request':
      return 'permanent';
    case 'right':
      return serverAnswers === false ? 'unavailable' : 'permanent';
    case 'refusal':
      return serverAnswers === true ? 'transient' : 'unavailable';
    case 'trouble': {
      const answers = serverAnswers ?? (status === 500 || status === 408);
      return answers ? 'transient' : 'unavailable';
    }
    case 'wait':
      return 'unavailable';
    case 'passing':
      return 'transient';
  }
}

/** What a failed attempt means by its status alone. */
export function classify(facts: HttpFailureFacts): Failure {
  return failureFor(meaningOf(facts), facts);
}

/** True where the whole server answered so, and waiting will hardly help: a person has to do something. */
export function needsPerson({ status }: { readonly status?: number | undefined }): boolean {
  return status !== undefined && status < 500 && status !== 408 && status !== 429;
}

export const answerTooLarge = 'ANSWER_TOO_LARGE';

/** Errors for which no byte of the request can have reached the server. */
export function neverSent(code: string | undefined): boolean {
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

/** A certificate that is not trusted will not be so a second later. */
export function isCertificateProblem(code: string | undefined): boolean {
  return code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code);
}

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What is known of a failed attempt; free of secrets. */
export interface HttpFailureFacts {
  readonly name: 'lakeFS' | 'MLflow';
  readonly method: HttpMethod;
  /** Redacted. */
  readonly url: string;
  /** As the caller of `request` gave it. */
  readonly purpose?: string;
  /** Absent where no answer came. */
  readonly status?: number;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer's text, at most 2,000 characters. */
  readonly body?: string;
  /** The answer, where it is JSON. */
  readonly json?: unknown;
  readonly retryAfterMs?: number;
  /** `ECONNREFUSED`, `ETIMEDOUT` … where no answer came. */
  readonly code?: string;
  /** What the network layer says, where no answer came. */
  readonly reason?: string;
  readonly timeoutMs?: number;
  /** Whether the server answered something else at the same time; absent where nobody asked. */
  readonly serverAnswers?: boolean;
}
