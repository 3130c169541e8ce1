import type { RunView } from '../src/contract/run.js';
import type { HeavyRuns } from '../src/facts/runs/heavy-runs.js';
import { createKnownRuns } from '../src/facts/runs/known-runs.js';

/** Runs that have ended and whose tags are as they should be: short sweeps need not read them again. */
export interface SettledRuns {
  /** Leaves out what still runs: it may say more. */
  add(run: Pick<RunView, 'id' | 'terminal' | 'startTime' | 'endTime'>): void;
  /** Ids of those that started at the time (Unix ms) or later. */
  startedSince(since: number): readonly string[];
  /** Ids of those that started before the time (Unix ms) and ended then or later. */
  endedSince(since: number): readonly string[];
  /** Ids of those that are heavy: to read them again costs MLflow seconds each, so that whole sweeps leave them out, too. */
  heavy(): readonly string[];
}

interface Times {
  readonly started: number;
  readonly ended: number;
}

export function createSettledRuns(heavyRuns: Pick<HeavyRuns, 'has'>): SettledRuns {
  const known = createKnownRuns<Times>();
  // Of these there are few: many others must not push them out.
  const heavy = createKnownRuns<true>();
  return {
    add: ({ id, terminal, startTime = 0, endTime = 0 }) => {
      if (!terminal) return;
      known.remember(id, { started: startTime, ended: endTime });
      if (heavyRuns.has(id)) heavy.remember(id, true);
    },
    startedSince: (since) => known.idsWhere(({ started }) => started >= since),
    heavy: () => heavy.idsWhere(() => true),
    endedSince: (since) => known.idsWhere(({ started, ended }) => started < since && ended >= since),
  };
}
