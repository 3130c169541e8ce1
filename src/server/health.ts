import { Router } from 'express';
import type { ServerReport } from './server-watch.js';

export interface HealthDependencies {
  /** Undefined where the queue can take jobs, else what is wrong, in one line. */
  queueProblem(): Promise<string | undefined>;
  /** What puts stored events at risk, a line each; changes nothing about being ready. */
  warnings(): readonly string[];
  isStopping(): boolean;
  /** Repositories that are not followed, because a person has put their catalog away. All others are. */
  paused(): readonly string[];
  /** How the servers stand to us; none where this process does not work with them. */
  reports(): readonly ServerReport[];
}

/** An answer that takes longer is a problem of its own; orchestrators commonly wait one second. */
const patienceMs = 900;

/**
 * `/health/live`: the process answers. `/health/ready`: an event sent now would be stored and worked on, else 503 with the
 * reasons: the queue cannot store it, or a server refuses us, which needs a person. A server that is only away is told and
 * changes nothing: events are stored and jobs wait, and a receiver that a load balancer took out would lose events. Nor
 * does a paused repository, which is named.
 */
export function createHealthRoutes({
  queueProblem,
  warnings,
  isStopping,
  paused,
  reports,
}: HealthDependencies): Router {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    const queue = await withinPatience(queueProblem);
    const servers = reports();
    const reasons = [
      ...(isStopping() ? ['stopping'] : []),
      ...(queue === undefined ? [] : [`queue: ${queue}`]),
      ...servers
        .filter(({ condition }) => condition === 'refusing')
        .map(
          ({ kind, installation, lastError }) => `${kind} (${installation}) refuses us: ${lastError?.text}`,
        ),
    ];
    const names = paused();
    const risks = warnings();
    response
      .status(reasons.length === 0 ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({
        ...(reasons.length === 0 ? { status: 'ready' } : { status: 'not ready', reasons }),
        ...(names.length === 0 ? {} : { paused: names }),
        ...(risks.length === 0 ? {} : { warnings: risks }),
        ...(servers.length === 0 ? {} : { servers: servers.map(told) }),
      });
  });
  return router;
}

/** Times as ISO texts. */
function told({ kind, installation, condition, since, lastSuccess, lastError }: ServerReport): object {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    ...{ server: kind, installation, state: condition, since: iso(since) },
    ...(lastSuccess === undefined ? {} : { lastSuccess: iso(lastSuccess) }),
    ...(lastError === undefined ? {} : { lastError: { at: iso(lastError.at), text: lastError.text } }),
  };
}

async function withinPatience(queueProblem: () => Promise<string | undefined>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), patienceMs);
  });
  try {
    return await Promise.race([queueProblem(), late]);
  } catch {
    return 'cannot be reached';
  } finally {
    clearTimeout(timer);
  }
}
