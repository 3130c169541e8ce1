import type { IncomingMessage } from 'node:http';
import { toLine } from '../src/domain/common/text.js';
import { isRepositoryName } from '../src/domain/references/lakefs-names.js';
import { createLineBudget } from '../src/telemetry/line-budget.js';
import type { Log } from '../src/telemetry/log.js';
import type { Refusal } from './answers.js';

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
