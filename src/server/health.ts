import { Router } from 'express';

export interface HealthDependencies {
  /** Undefined where the queue can take jobs, else what is wrong, in one line. */
  queueProblem(): Promise<string | undefined>;
  /** What puts stored events at risk, a line each; changes nothing about being ready. */
  warnings(): readonly string[];
  isStopping(): boolean;
  /** Repositories that are not followed, because a person has put their catalog away. All others are. */
  paused(): readonly string[];
}

/** An answer that takes longer is a problem of its own; orchestrators commonly wait one second. */
const patienceMs = 900;

/**
 * `/health/live`: the process answers. `/health/ready`: an event sent now would be stored, else 503 with the reasons.
 * A paused repository is named and changes nothing for the others, so the process stays ready.
 */
export function createHealthRoutes({
  queueProblem,
  warnings,
  isStopping,
  paused,
}: HealthDependencies): Router {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    const queue = await withinPatience(queueProblem);
    const reasons = [
      ...(isStopping() ? ['stopping'] : []),
      ...(queue === undefined ? [] : [`queue: ${queue}`]),
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
      });
  });
  return router;
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
