import { listenForSignals } from '../stop-signals.js';

/** Why waiting ended: a person stopped the demo. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface Stop {
  /** Aborted at the first Ctrl-C or SIGTERM, with a `Stopped` as its reason. */
  readonly signal: AbortSignal;
  /** Settles as `promise` does, or rejects with `Stopped` at the first signal. The work itself goes on, unawaited. */
  race<T>(promise: Promise<T>): Promise<T>;
}

/** From now on Ctrl-C aborts `signal`; a second one, a moment later, ends the process at once. */
export function listenForDemoStop(): Stop {
  const controller = new AbortController();
  const { signal } = controller;
  listenForSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], {
    first: (name) => controller.abort(new Stopped(`stopped by ${name}`)),
    again: () => process.exit(130),
  });
  return {
    signal,
    async race(promise) {
      let abort: (() => void) | undefined;
      const stopped = new Promise<never>((_resolve, reject) => {
        abort = () => reject(signal.reason);
        signal.addEventListener('abort', abort);
      });
      try {
        if (signal.aborted) abort?.();
        return await Promise.race([promise, stopped]);
      } finally {
        if (abort !== undefined) signal.removeEventListener('abort', abort);
      }
    },
  };
}
