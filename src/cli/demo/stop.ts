const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A Ctrl-C reaches us twice where npm started us: from the terminal and from npm. */
const repeatMs = 2_000;

/** Why waiting ended: a person stopped the demo. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface Stop {
  /** Aborted at the first Ctrl-C or SIGTERM, with a `Stopped` as its reason. */
  readonly signal: AbortSignal;
  /** What `promise` gives, or a `Stopped` as soon as a person stops us. What it does goes on and is not waited for. */
  race<T>(promise: Promise<T>): Promise<T>;
}

/** From now on a Ctrl-C aborts; a second one, a moment later, ends the process at once. */
export function listenForStop(): Stop {
  const controller = new AbortController();
  const { signal } = controller;
  let firstAt: number | undefined;
  for (const name of signals) {
    process.on(name, () => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        controller.abort(new Stopped(`stopped by ${name}`));
      } else if (Date.now() - firstAt > repeatMs) process.exit(130);
    });
  }
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
