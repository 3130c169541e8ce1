import { Router } from 'express';
import type { Metrics } from '../telemetry/metrics.js';
import type { ServerReport } from './server-watch.js';

export interface HealthDependencies {
  /** Undefined where the queue can take jobs, else what is wrong, in one line. */
  queueProblem(): Promise<string | undefined>;
  /** What puts stored events at risk, one line each; it does not affect readiness. */
  warnings(): readonly string[];
  isStopping(): boolean;
  /** Repositories that are not followed, because a person has put their catalog away. All others are. */
  paused(): readonly string[];
  /** The state of each server; none where this process does not talk to them. */
  reports(): readonly ServerReport[];
}

/** A slower answer counts as a problem: orchestrators commonly wait one second. */
const patienceMs = 900;

/**
 * `/health/live`: the process answers. `/health/ready`: 200 if an event sent now would be stored and processed, else 503
 * with the reasons: the queue cannot store it, or a server refuses us, which needs a person. A server that is only down is
 * listed and does not change the status: events are stored and jobs wait, whereas a receiver that a load balancer took out
 * would lose events. The same goes for paused repositories.
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
          ({ kind, installation, lastError }) =>
            `${kind} (${installation}) refuses our requests: ${lastError?.text}`,
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
        ...(servers.length === 0 ? {} : { servers: servers.map(withIsoTimes) }),
      });
  });
  return router;
}

/** Times as ISO texts. */
function withIsoTimes({
  kind,
  installation,
  condition,
  since,
  lastSuccess,
  lastError,
}: ServerReport): object {
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

/** `/metrics` for Prometheus. Mount it behind the login: Prometheus can send HTTP Basic. */
export function createMetricsRoute(metrics: Metrics): Router {
  const router = Router();
  router.get('/metrics', async (_request, response) => {
    const { contentType, text } = await metrics.render();
    response.set('Cache-Control', 'no-store').set('Content-Type', contentType).send(text);
  });
  return router;
}
