import { setTimeout as sleep } from 'node:timers/promises';
import type { JobReport } from '../../queue/job-admin.js';
import type { JobOutcome } from '../../queue/types.js';
import type { ServiceAddress } from '../../server/service-file.js';
import { CliError } from '../output.js';
import type { Admin, CheckReport } from './admin.js';

/** The service answers at once and works in the background. */
const timeoutMs = 30_000;
const pollMs = 200;

/** The service is gone, or another one has taken its place. */
export class NoServiceError extends CliError {
  constructor(what: string) {
    super(`${what}: it may be stopping or restarting. Try again in a few seconds; it is safe to repeat`);
  }
}

class RefusedError extends CliError {
  readonly status: number;

  constructor(address: string, status: number, detail: string) {
    super(`the service at ${address} answered ${status}: ${detail}`);
    this.status = status;
  }
}

/** Through the API of the service that runs on this machine. */
export function createServiceAdmin({ address, token }: ServiceAddress): Admin {
  async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const response = await send(`${address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 401 || response.status === 403) {
      throw new NoServiceError(`the service at ${address} no longer accepts this command's token`);
    }
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    throw new RefusedError(address, response.status, detailOf(answer));
  }

  return {
    where: `the service at ${address}`,
    works: true,
    check: async (request, onProgress, signal) => {
      const { installation, repository } = request;
      const { jobs } = (await call('POST', '/reconcile', request)) as {
        jobs: { kind: string; job: string }[];
      };
      const path = `/jobs/${jobs[0]?.kind}/${encodeURIComponent(jobs[0]?.job ?? '')}`;
      for (;;) {
        const job = (await call('GET', path)) as JobReport;
        onProgress(job.progress);
        if (job.state === 'completed' || job.state === 'failed') {
          return { installation, repository, ...checkReport(job) };
        }
        await sleep(pollMs, undefined, { signal });
      }
    },
    register: async (repository, commits) =>
      (await call('POST', '/commits', { ...repository, commits })) as { queued: number; waiting: number },
    counts: async () => ((await call('GET', '/jobs')) as { jobs: Awaited<ReturnType<Admin['counts']>> }).jobs,
    failed: async (limit) =>
      (await call('GET', `/failed-jobs?limit=${limit}`)) as Awaited<ReturnType<Admin['failed']>>,
    replay: async (job) => {
      try {
        const body = job === 'all' ? { all: true } : { job };
        // A service of an earlier release does not return this number.
        return { broughtForward: 0, ...((await call('POST', '/replay', body)) as { replayed: string[] }) };
      } catch (error) {
        if (error instanceof RefusedError && error.status === 404) return { replayed: [], broughtForward: 0 };
        throw error;
      }
    },
    close: async () => undefined,
  };
}

async function send(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    throw new NoServiceError(
      `the service at ${new URL(url).origin} ${isLate ? `did not answer within ${timeoutMs / 1_000} s` : 'does not answer'}`,
    );
  }
}

/**
 * The report of the last attempt only. The job's own log also has earlier attempts, which may have failed at an address
 * that is no longer in the settings.
 */
function checkReport({
  state,
  outcome,
  reason,
}: JobReport): Omit<CheckReport, 'installation' | 'repository'> {
  if (state === 'failed') return { summary: reason ?? '', failed: true, counts: {}, log: [] };
  const { summary = '', counts = {}, log = [] } = (outcome ?? {}) as Partial<JobOutcome>;
  return { summary, failed: false, counts, log };
}

function detailOf(answer: unknown): string {
  const detail =
    typeof answer === 'object' && answer !== null && 'detail' in answer ? answer.detail : undefined;
  return typeof detail === 'string' ? detail : 'no reason given';
}
