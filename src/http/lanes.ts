import { type Agents, closeAgents } from './agents.js';

/** Connections that are kept, of which none is used again before it has rested. */
export interface Lanes {
  /** Runs `work` with the agents of a connection that nobody else uses meanwhile. */
  run<T>(work: (agents: Agents) => Promise<T>): Promise<T>;
  close(): void;
}

export interface LanesOptions {
  /** Agents for one connection. */
  readonly create: () => Agents;
  readonly restMs: number;
  /** A lane that was not used for so long is given up; its connection is closed by then. */
  readonly idleMs: number;
  /** Any clock in ms. */
  readonly now: () => number;
}

interface Lane {
  readonly agents: Agents;
  readonly since: number;
}

/**
 * As many as the requests in flight need while others rest; of those that have rested the one used last is taken, so
 * that those that are not needed age.
 */
export function createLanes({ create, restMs, idleMs, now }: LanesOptions): Lanes {
  /** By the time since when they rest. */
  let resting: readonly Lane[] = [];

  function take(): Agents {
    const rested = resting.findLast(({ since }) => now() - since >= restMs);
    if (rested === undefined) return create();
    resting = resting.filter((lane) => lane !== rested);
    return rested.agents;
  }

  function give(agents: Agents): void {
    const aged = resting.filter(({ since }) => now() - since >= idleMs);
    for (const lane of aged) closeAgents(lane.agents);
    resting = [...resting.filter((lane) => !aged.includes(lane)), { agents, since: now() }];
  }

  return {
    run: async (work) => {
      const agents = take();
      try {
        return await work(agents);
      } finally {
        give(agents);
      }
    },
    close: () => {
      for (const { agents } of resting) closeAgents(agents);
      resting = [];
    },
  };
}
