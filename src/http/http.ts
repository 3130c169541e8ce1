import { setTimeout as wait } from 'node:timers/promises';
import { readBaseUrl } from './address.js';
import { type Agents, closeAgents, createAgents, createLanes, idleMs, readAuthorities } from './agents.js';
import { hasOneWorker, inFlightWhereOneWorks, measureConnections, restMs } from './connections.js';
import { HttpError } from './error.js';
import { retryDelayMs, retryPolicy } from './retry.js';
import { createSemaphore, createWorkSignal } from './semaphore.js';
import { createSend } from './send.js';
import type { Connections, Http, HttpFailureFacts, HttpOptions, HttpRequest, HttpResponse } from './types.js';

const probeTimeoutMs = 2_000;

/**
 * A server to talk to: base URL, credentials, timeout, retries and a limit on requests in flight. Redirects
 * are not followed, no Origin is sent (MLflow refuses foreign ones), the environment's proxies are not used.
 * Throws a TypeError for a base URL or a proxy that is none, and where the CA file cannot be read.
 */
export function createHttp(options: HttpOptions): Http {
  const now = options.clock ?? Date.now;
  const random = options.random ?? Math.random;
  const sleep = options.sleep ?? ((ms: number, signal?: AbortSignal) => wait(ms, undefined, { signal }));
  const makeError = options.makeError ?? ((facts: HttpFailureFacts) => new HttpError(facts));
  const { standing } = options;
  const policy = retryPolicy(options.retry);
  const timeoutMs = options.timeoutMs ?? 120_000;
  const address = readBaseUrl(options.name, options.baseUrl);
  const send = createSend(options, address, now);
  const workSignal = createWorkSignal(options.signal);
  const semaphore = createSemaphore(options.maxInFlight ?? 8);
  const parts = { authorities: readAuthorities(options.caFile), lookup: options.lookup };
  const agents = { reuse: createAgents('reuse', parts), new: createAgents('new', parts) };
  const lanes = createLanes({
    create: () => createAgents('single', parts),
    restMs,
    idleMs,
    now: () => performance.now(),
  });
  let chosen = chooseUnmeasured(options, address.secure);
  let measuring: Promise<void> | undefined;

  async function probe(path: string): Promise<void> {
    const measured = await measureConnections({
      get: async (mode) => {
        const request: HttpRequest = { method: 'GET', path, accept: 'text' };
        const outcome = await send(request, agents[mode], probeTimeoutMs);
        if (!outcome.ok) throw new HttpError(outcome.facts);
      },
      sleep,
      now: () => performance.now(),
    });
    chosen = measured.connections;
    if (hasOneWorker(measured)) semaphore.narrow(inFlightWhereOneWorks);
  }

  async function withAgents<T>(work: (agents: Agents) => Promise<T>): Promise<T> {
    if (chosen === 'auto') {
      measuring ??= probe(options.probePath ?? '/');
      await measuring;
    }
    if (chosen === 'rested') return lanes.run(work);
    return work(agents[chosen === 'new' ? 'new' : 'reuse']);
  }

  /** The error that a failed request ends with: whose fault it is may depend on what the server answers to others. */
  async function judged(facts: HttpFailureFacts, error: HttpError, sentAt: number): Promise<HttpError> {
    if (standing === undefined) return error;
    const ofSilent = makeError({ ...facts, serverAnswers: false });
    if (ofSilent.failure.kind === 'permanent') {
      standing.answered(sentAt);
      return error;
    }
    return (await standing.answers(sentAt)) ? makeError({ ...facts, serverAnswers: true }) : ofSilent;
  }

  /** Ended by the caller it throws the caller's reason, as a request does. */
  async function pause(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await sleep(ms, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  function request(
    wanted: HttpRequest & { readonly accept: 'text' | 'beginning' },
  ): Promise<HttpResponse<string>>;
  function request(wanted: HttpRequest & { readonly accept: 'buffer' }): Promise<HttpResponse<Buffer>>;
  function request(wanted: HttpRequest): Promise<HttpResponse>;
  async function request(wanted: HttpRequest): Promise<HttpResponse> {
    if (!wanted.path.startsWith('/'))
      throw new TypeError(`the path "${wanted.path}" must start with a slash`);
    return workSignal.run(wanted.signal, (signal) => attempts({ ...wanted, signal }));
  }

  async function attempts(wanted: HttpRequest): Promise<HttpResponse> {
    const idempotent = wanted.idempotent ?? !(wanted.method === 'POST' || wanted.method === 'PATCH');
    const attempt = { idempotent, retry: wanted.retry };
    for (let retried = 0; ; retried += 1) {
      let sentAt = now();
      const outcome = await semaphore.run(
        () =>
          withAgents((chosenAgents) => {
            sentAt = now();
            return send(wanted, chosenAgents, timeoutMs);
          }),
        wanted,
      );
      if (outcome.ok) {
        if (wanted.open !== true) standing?.answered(sentAt);
        return outcome.response;
      }
      const error = makeError(outcome.facts);
      const delay = retryDelayMs(policy, error, { ...attempt, retried }, random);
      if (delay === undefined) throw await judged(outcome.facts, error, sentAt);
      await pause(delay, wanted.signal);
    }
  }

  return {
    request,
    baseUrl: address.baseUrl,
    connections: () => chosen,
    whenFree: () => semaphore.whenFree(),
    close() {
      closeAgents(agents.reuse);
      closeAgents(agents.new);
      lanes.close();
    },
  };
}

/** TLS makes new connections dear, and hides the server's own socket behind a proxy: there reuse wins unmeasured. */
function chooseUnmeasured({ connections = 'auto', probePath }: HttpOptions, secure: boolean): Connections {
  if (connections !== 'auto') return connections;
  return secure || probePath === undefined ? 'reuse' : 'auto';
}
