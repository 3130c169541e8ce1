export interface Caller {
  /** One who is aborted before there is room gives up its place. */
  readonly signal?: AbortSignal | undefined;
  /** Goes before those who are not urgent. */
  readonly urgent?: boolean | undefined;
}

/** Lets at most `limit` callers in at once; the others wait in the order in which they came, the urgent ones first. */
export interface Semaphore {
  /** Runs `work` once there is room. */
  run<T>(work: () => Promise<T>, caller?: Caller): Promise<T>;
  /** From now on at most so many, where that is less; those who are in stay. */
  narrow(limit: number): void;
  /** Resolves once a caller would be let in at once. */
  whenFree(): Promise<void>;
}

export function createSemaphore(atMost: number): Semaphore {
  let limit = atMost;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError(`the number of requests in flight must be a whole number from 1, not ${limit}`);
  }
  let running = 0;
  /** What all share who wait for room without asking to be let in. */
  let room: Room | undefined;
  const lines = { urgent: new Set<() => void>(), usual: new Set<() => void>() };

  function enter({ signal, urgent = false }: Caller): Promise<void> {
    if (running < limit) {
      running += 1;
      return Promise.resolve();
    }
    const waiting = urgent ? lines.urgent : lines.usual;
    return new Promise((resolve, reject) => {
      function giveUp(): void {
        waiting.delete(admit);
        reject(signal?.reason);
      }
      function admit(): void {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      }
      waiting.add(admit);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  function leave(): void {
    const line = lines.urgent.size > 0 ? lines.urgent : lines.usual;
    const [next] = line;
    if (next === undefined || running > limit) {
      running -= 1;
      if (running < limit) {
        room?.open();
        room = undefined;
      }
      return;
    }
    // The place passes to the next one, so that a newcomer cannot slip in between.
    line.delete(next);
    next();
  }

  return {
    narrow: (to) => {
      limit = Math.min(limit, to);
    },
    whenFree: () => {
      if (running < limit) return Promise.resolve();
      room ??= newRoom();
      return room.opened;
    },
    async run(work, caller = {}) {
      caller.signal?.throwIfAborted();
      await enter(caller);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

interface Room {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function newRoom(): Room {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

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
