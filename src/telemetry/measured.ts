import type { JobContext, JobHandlers, JobName, JobOutcome, JobPayloads } from '../queue/types.js';
import type { Metrics } from './metrics.js';

/**
 * The same handlers, timed.
 *
 * @param now ms, from any start
 */
export function measured(handlers: JobHandlers, metrics: Metrics, now: () => number): JobHandlers {
  type Handler<N extends JobName> = (payload: JobPayloads[N], context: JobContext) => Promise<JobOutcome>;

  function timed<N extends JobName>(name: N, handler: Handler<N>): Handler<N> {
    return async function run(payload, context) {
      const started = now();
      let outcome: 'done' | 'failed' = 'failed';
      try {
        const result = await handler(payload, context);
        outcome = 'done';
        return result;
      } finally {
        metrics.jobEnded(name, outcome, now() - started);
      }
    };
  }
  return {
    'register-commit': timed('register-commit', handlers['register-commit']),
    'sweep-runs': timed('sweep-runs', handlers['sweep-runs']),
    'reconcile-repository': timed('reconcile-repository', handlers['reconcile-repository']),
    'link-run': timed('link-run', handlers['link-run']),
  };
}
