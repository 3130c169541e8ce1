import type { JobContext, JobHandlers, JobName, JobOutcome } from './queue/types.js';
import type { Metrics } from './telemetry/metrics.js';

type Handler<Payload> = (payload: Payload, context: JobContext) => Promise<JobOutcome>;

function each(
  handlers: JobHandlers,
  wrap: <Payload>(handler: Handler<Payload>, name: JobName) => Handler<Payload>,
): JobHandlers {
  return {
    'register-commit': wrap(handlers['register-commit'], 'register-commit'),
    'sweep-runs': wrap(handlers['sweep-runs'], 'sweep-runs'),
    'reconcile-repository': wrap(handlers['reconcile-repository'], 'reconcile-repository'),
    'link-run': wrap(handlers['link-run'], 'link-run'),
  };
}

/**
 * The same handlers, timed.
 *
 * @param now ms, from any start
 */
export function measured(handlers: JobHandlers, metrics: Metrics, now: () => number): JobHandlers {
  return each(handlers, (handler, name) => async (payload, context) => {
    const started = now();
    let outcome: 'done' | 'failed' = 'failed';
    try {
      const result = await handler(payload, context);
      outcome = 'done';
      return result;
    } finally {
      metrics.jobEnded(name, outcome, now() - started);
    }
  });
}

/**
 * The same handlers, which end as soon as their signal says so, whatever they wait for. A request to a server
 * that hangs can take minutes; without this its job would count as lost and run again only when its lock has expired.
 * What the handler still does is harmless: every job may run twice.
 */
export function stoppable(handlers: JobHandlers): JobHandlers {
  return each(handlers, (handler) => async (payload, context) => {
    const { signal } = context;
    signal.throwIfAborted();
    let stop: (() => void) | undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      // The race also takes care of the loser's error.
      return await Promise.race([handler(payload, context), stopped]);
    } finally {
      if (stop !== undefined) signal.removeEventListener('abort', stop);
    }
  });
}
