import type { IncomingMessage, ServerResponse } from 'node:http';
import { toLine } from '../src/domain/common/text.js';
import { isRepositoryName } from '../src/domain/references/lakefs-names.js';
import { createLineBudget } from '../src/telemetry/line-budget.js';
import type { Log } from '../src/telemetry/log.js';

/** A refusal: made once, sent often. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

/** `message` is shown in lakeFS's Actions log: say what to do, name no secret, repeat nothing of the request. */
export function refusal(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const body = Buffer.from(JSON.stringify({ status: 'refused', message }));
  return { status, message, body, headers: { ...jsonHeaders(body.length), ...headers } };
}

export const refusals = {
  method: refusal(405, 'Only POST is answered here.', { Allow: 'POST' }),
  tooLarge: refusal(413, 'The body is larger than 1 MiB.'),
  doubledHost: refusal(400, 'There is more than one Host header.'),
  foreignTarget: refusal(
    400,
    'The request line must hold a path, or an address whose host is that of the Host header.',
  ),
  contentType: refusal(415, 'Content-Type must be application/json.'),
  charset: refusal(415, 'The body must be sent as UTF-8, without a charset or with charset=utf-8.'),
  encoding: refusal(415, 'Send the body without a Content-Encoding.'),
  doubledToken: refusal(401, 'There is more than one Authorization header.', {
    'WWW-Authenticate': 'Bearer',
  }),
  noToken: refusal(
    401,
    'Send "Authorization: Bearer <token>" with LAKEFSACTION_BRIDGE_TOKEN set in the environment of lakeFS.',
    { 'WWW-Authenticate': 'Bearer' },
  ),
  wrongToken: refusal(
    401,
    'This token is not accepted here: lakeFS and lakefs-mlflow must have the same one.',
    {
      'WWW-Authenticate': 'Bearer',
    },
  ),
  unknownInstallation: refusal(404, 'There is no installation of this name: check the address of the hook.'),
  ambiguousInstallation: refusal(
    404,
    'There are several installations: end the address of the hook with the name of one, /hooks/lakefs/<name>.',
  ),
  empty: refusal(400, 'The body is empty.'),
  notUtf8: refusal(400, 'The body is not valid UTF-8.'),
  notJson: refusal(400, 'The body is not JSON.'),
  queueDown: refusal(
    503,
    'The queue cannot store the event now. The commit is safe, and the service will find it later.',
    { 'Retry-After': '5' },
  ),
  failed: refusal(500, 'lakefs-mlflow failed to handle this event; its log says why.'),
} as const;

/** What the client may still send after a refusal before its connection is cut, in bytes. */
const drainLimit = 4 * 1024 * 1024;

/**
 * Sends a refusal. A client that is still sending is read on for a while, because one that writes its whole
 * body before it reads would otherwise see a broken connection in place of the answer.
 */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Refusal,
) {
  if (!request.readableEnded) drain(request);
  response.writeHead(status, headers);
  response.end(body);
}

/** Sends the answer to an event that was understood: always 202, so that lakeFS calls its hook completed. */
export function accept(
  response: ServerResponse,
  answer: {
    readonly status: 'accepted' | 'duplicate' | 'ignored';
    readonly message: string;
    readonly links: Readonly<Record<string, string>>;
  },
): void {
  const body = JSON.stringify(answer);
  response.writeHead(202, jsonHeaders(Buffer.byteLength(body)));
  response.end(body);
}

function drain(request: IncomingMessage): void {
  let left = drainLimit;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}

function jsonHeaders(length: number): Record<string, string | number> {
  return { 'Content-Type': 'application/json', 'Content-Length': length };
}

/** What is known of a refused request; the later it is refused, the more. */
export interface RefusedRequest {
  readonly installation?: string;
  /** The body as it was parsed. */
  readonly body?: unknown;
}

/**
 * Returns what tells the log of a refused request: why, and who sent it. Of one sender and in all only some lines a
 * minute are written, so that a flood does not fill the log.
 *
 * @param addressOf the sender's address, behind trusted proxies
 */
export function createRefusalLog(
  log: Log,
  addressOf: (request: IncomingMessage) => string,
): (request: IncomingMessage, why: Refusal, known: RefusedRequest) => void {
  const budget = createLineBudget(() => performance.now());
  return function tell(request, { status, message }, { installation, body }) {
    const from = addressOf(request);
    const line = budget(from);
    if (line === undefined) return;
    const agent = toLine((request.headers['user-agent'] ?? '').slice(0, 200), 100);
    const repository = repositoryOf(body);
    log.warn(
      {
        ...{ status, reason: message, from },
        ...(agent !== '' && { agent }),
        ...(installation !== undefined && { installation }),
        ...(repository !== undefined && { repository }),
        ...line,
      },
      'hook refused',
    );
  };
}

/** Only what can be the name of a repository: all else in the body of a stranger stays out of the log. */
function repositoryOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('repository_id' in body)) return undefined;
  const { repository_id: name } = body;
  return typeof name === 'string' && isRepositoryName(name) ? name : undefined;
}
