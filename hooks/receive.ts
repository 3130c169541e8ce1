import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Installation } from '../src/config/types.js';
import type { CommitKey } from '../src/contract/words.js';
import { decideHookEvent } from '../src/domain/sync/hook-event.js';
import { registrationOf } from '../src/queue/jobs.js';
import type { AddedJob, Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';
import {
  accept,
  createRefusalLog,
  type Refusal,
  type RefusedRequest,
  refusal,
  refusals,
  refuse,
} from './answers.js';
import { createAuthentication } from './authenticate.js';
import { createEventCheck } from './event-schema.js';
import { bodyLimit, checkHead, readBody } from './request.js';

export type HookInstallation = Pick<
  Installation,
  'name' | 'hookTokens' | 'repositories' | 'branches' | 'mode'
>;

export interface HookDependencies {
  readonly installations: readonly HookInstallation[];
  readonly queues: Pick<Queues, 'add'>;
  readonly log: Log;
  /** Where a person can look for what becomes of a commit: name → absolute address, without secrets. */
  readonly links: (commit: CommitKey, jobId: string) => Readonly<Record<string, string>>;
  /** Called once for each answer, for the metrics. */
  readonly onAnswer?: (status: number, outcome: 'accepted' | 'duplicate' | 'ignored' | 'refused') => void;
  /** The sender's address, behind trusted proxies. */
  readonly addressOf: (request: IncomingMessage) => string;
}

/** The branch is a label on the commit's run. lakeFS sets no length; a longer one than this, in characters, is left out. */
const labelLimit = 1_000;

/** The sender must have its 503 within a second, so the queue has a little less. */
const queueLimitMs = 900;

/**
 * Returns the way of one POST from the socket to the queue. It exits as early as it can, in this order: headers,
 * token, body, JSON, event, decision, queue. A 202 is sent only once the queue has the job.
 */
function createReceiver(deps: HookDependencies) {
  const authenticate = createAuthentication(deps.installations);
  const checkEvent = createEventCheck();
  const tell = createRefusalLog(deps.log, deps.addressOf);

  function stop(
    request: IncomingMessage,
    response: ServerResponse,
    why: Refusal,
    known: RefusedRequest = {},
  ): void {
    tell(request, why, known);
    deps.onAnswer?.(why.status, 'refused');
    refuse(request, response, why);
  }

  return async function receive(
    request: IncomingMessage,
    response: ServerResponse,
    named: string | undefined,
  ): Promise<void> {
    const unfit = checkHead(request);
    if (unfit) return stop(request, response, unfit);

    const { installation, refusal: unauthenticated } = authenticate(request, named);
    if (!installation) return stop(request, response, unauthenticated);

    const { name } = installation;
    const body = await readBody(request, bodyLimit);
    if (body === 'gone') return;
    if (body === 'too-large') return stop(request, response, refusals.tooLarge, { installation: name });
    if (body.length === 0) return stop(request, response, refusals.empty, { installation: name });
    if (!isUtf8(body)) return stop(request, response, refusals.notUtf8, { installation: name });

    const parsed = parse(body);
    if (!parsed) return stop(request, response, refusals.notJson, { installation: name });

    const { event, problem } = checkEvent(parsed.value);
    if (!event) {
      return stop(request, response, refusal(400, problem), { installation: name, body: parsed.value });
    }

    const decision = decideHookEvent(event, installation);
    if (decision.kind === 'ignore') {
      deps.log.debug({ installation: name, event: event.event_type }, 'hook ignored');
      deps.onAnswer?.(202, 'ignored');
      return accept(response, { status: 'ignored', message: decision.reason, links: {} });
    }

    const { repository, commit, branch } = decision;
    const key = { installation: name, repository, commit };
    const registration = registrationOf({ ...key, branch: branch.length > labelLimit ? undefined : branch });
    let job: AddedJob;
    try {
      job = await within(deps.queues.add(registration), queueLimitMs);
    } catch (error) {
      deps.log.error({ ...key, err: error }, 'hook not stored: the queue refused it or did not answer');
      deps.onAnswer?.(503, 'refused');
      return refuse(request, response, refusals.queueDown);
    }
    const status = job.duplicate ? 'duplicate' : 'accepted';
    deps.log.debug({ ...key, job: job.id, status }, 'hook accepted');
    deps.onAnswer?.(202, status);
    accept(response, {
      status,
      message: messageOf(status, installation.mode),
      links: deps.links(key, job.id),
    });
  };
}

/** What lakeFS's Actions log shows to the person who made the commit. */
function messageOf(status: 'accepted' | 'duplicate', mode: Installation['mode']): string {
  const start = status === 'accepted' ? 'Queued' : 'Already queued';
  const runs =
    mode === 'write'
      ? 'the runs that read it will be tagged'
      : 'the runs that read it will be reported, not tagged (observe mode)';
  return `${start}: this commit will be listed in MLflow as candidate datasets, and ${runs}.`;
}

function parse(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) };
  } catch {
    return undefined;
  }
}

/**
 * The routes of lakeFS's webhooks: `POST /hooks/lakefs` and `POST /hooks/lakefs/:installation`; other methods
 * there are answered 405. Mount it before any middleware: it reads the body itself, and every layer in front
 * costs more than the whole of it.
 */
export function createHookRoutes(deps: HookDependencies): Router {
  const router = Router();
  const receive = createReceiver(deps);

  router.post('/hooks/lakefs{/:installation}', (request, response) =>
    receive(request, response, request.params.installation),
  );
  router.all('/hooks/lakefs{/:installation}', (request, response) =>
    refuse(request, response, refusals.method),
  );
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    // A path such as /hooks/lakefs/%ff: express marks what it cannot decode with a status.
    if (error instanceof URIError && 'status' in error)
      return refuse(request, response, refusals.unknownInstallation);
    deps.log.error({ err: error }, 'hook failed');
    refuse(request, response, refusals.failed);
  });
  return router;
}

/** Settles as `work` does, or rejects after `ms` where it has not: a queue that hangs must not hang the sender. */
function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
