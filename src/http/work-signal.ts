/** Gives each piece of work a signal of its own. */
export interface WorkSignal {
  /** `work` gets a signal that `own` aborts, and the one that all share. */
  run<T>(own: AbortSignal | undefined, work: (signal: AbortSignal | undefined) => Promise<T>): Promise<T>;
}

/**
 * Like `AbortSignal.any`, of which each call leaves something behind at a signal that lives as long as the process
 * (https://github.com/nodejs/node/issues/54614).
 */
export function createWorkSignal(shared: AbortSignal | undefined): WorkSignal {
  if (shared === undefined) return { run: (own, work) => work(own) };
  const underWay = new Set<AbortController>();
  shared.addEventListener('abort', () => {
    for (const controller of underWay) controller.abort(shared.reason);
  });
  return {
    async run(own, work) {
      shared.throwIfAborted();
      const controller = new AbortController();
      underWay.add(controller);
      try {
        return await work(own === undefined ? controller.signal : AbortSignal.any([own, controller.signal]));
      } finally {
        underWay.delete(controller);
      }
    },
  };
}
