import type { RunView } from '../src/domain/run.js';
import { createKnownRuns } from '../src/facts/known-runs.js';

/** Runs that have ended and whose tags are as they should be: short sweeps need not read them again. */
export interface SettledRuns {
  /** Leaves out what still runs: it may say more. */
  add(run: Pick<RunView, 'id' | 'terminal' | 'startTime' | 'endTime'>): void;
  /** Ids of those that started at the time (Unix ms) or later. */
  startedSince(since: number): readonly string[];
  /** Ids of those that started before the time (Unix ms) and ended then or later. */
  endedSince(since: number): readonly string[];
}

interface Times {
  readonly started: number;
  readonly ended: number;
}

export function createSettledRuns(): SettledRuns {
  const known = createKnownRuns<Times>();
  return {
    add: ({ id, terminal, startTime = 0, endTime = 0 }) => {
      if (terminal) known.remember(id, { started: startTime, ended: endTime });
    },
    startedSince: (since) => known.idsWhere(({ started }) => started >= since),
    endedSince: (since) => known.idsWhere(({ started, ended }) => started < since && ended >= since),
  };
}
