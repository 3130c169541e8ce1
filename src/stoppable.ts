import type { JobContext, JobHandlers, JobOutcome } from './queue/types.js';

/**
 * The same handlers, which end as soon as their signal says so, whatever they wait for. A request to a server
 * that hangs can take minutes; without this its job would count as lost and run again only when its lock has expired.
 * What the handler still does is harmless: every job may run twice.
 */
export function stoppable(handlers: JobHandlers): JobHandlers {
  type Handler<Payload> = (payload: Payload, context: JobContext) => Promise<JobOutcome>;

  function ending<Payload>(handler: Handler<Payload>): Handler<Payload> {
    return async function run(payload, context) {
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
    };
  }
  return {
    'register-commit': ending(handlers['register-commit']),
    'sweep-runs': ending(handlers['sweep-runs']),
    'reconcile-repository': ending(handlers['reconcile-repository']),
    'link-run': ending(handlers['link-run']),
  };
}
