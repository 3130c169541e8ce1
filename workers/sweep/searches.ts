import type { RunView } from '../../src/contract/run.js';
import { runningWindowMs } from '../../src/domain/sync/sweep.js';
import type { HeavyRuns } from '../../src/facts/runs/heavy-runs.js';
import { createKnownRuns, without } from '../../src/facts/runs/known-runs.js';

/**
 * The searches of one look. They share no run: a page costs MLflow half a second of work. What is settled is left out;
 * what people change there is found by the next whole sweep.
 *
 * @param leftOut ids of runs that no sweep reads: the slow lap does
 */
export function searchesSince(
  since: number,
  startedAt: number,
  leftOut: readonly string[],
  settled?: SettledRuns,
): readonly { readonly filter: string; readonly order: string }[] {
  const started = {
    filter: `attributes.start_time >= ${since}${without([...(settled?.startedSince(since) ?? []), ...leftOut])}`,
    order: 'attributes.start_time ASC',
  };
  if (since === 0) return [started];
  const week = startedAt - runningWindowMs;
  const ended = `attributes.end_time >= ${since} AND attributes.start_time < ${since}`;
  return [
    {
      filter: `attributes.status = 'RUNNING' AND attributes.start_time >= ${week} AND attributes.start_time < ${since}${without(leftOut)}`,
      order: 'attributes.start_time ASC',
    },
    started,
    {
      filter: `${ended}${without([...(settled?.endedSince(since) ?? []), ...leftOut])}`,
      order: 'attributes.end_time ASC',
    },
  ];
}

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
