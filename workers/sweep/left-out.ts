import type { RunView } from '../../src/contract/run.js';
import { readRight } from '../../src/domain/common/rights.js';
import { count } from '../../src/domain/common/text.js';
import { runningWindowMs } from '../../src/domain/sync/sweep.js';
import type { OnRefused } from '../../src/facts/runs/experiment-groups.js';
import { createKnownRuns, type HeavyRuns, without } from '../../src/facts/runs/known-runs.js';
import type { OnUnread } from '../../src/facts/runs/run-page.js';
import type { RunInfo } from '../../src/mlflow/types.js';
import type { Log } from '../../src/telemetry/log.js';

/**
 * The searches of one scan. They share no run: a page costs MLflow half a second of work. What is settled is left out;
 * what people change there is found by the next whole sweep.
 *
 * @param leftOut ids of runs that no sweep reads: the full resync does
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

/** The runs of one server that cannot be read: sweeps leave them out, and the full resync tries them again. */
export interface UnreadableRuns {
  /** Its answer is longer than we read. */
  readonly onTooLarge: OnUnread;
  /** MLflow failed at it, although it answers other requests. At the third time within an hour it is given up. */
  readonly onFailing: OnUnread;
  /** MLflow does not let us search the experiment: said once an hour. */
  readonly onRefused: OnRefused;
  /** Those that are given up. */
  ids(): readonly string[];
  /** Those that were found since the last call. */
  takeUnread(): { readonly givenUp: readonly RunInfo[]; readonly failing: readonly RunInfo[] };
  /** Ids of the experiments that were refused since the last call. */
  takeRefused(): readonly string[];
}

/** So many are named in the log of a job. */
const maxNamed = 20;

const maxFailures = 3;

/** Failures further apart than this (ms) have nothing to do with each other. */
const keepMs = 3_600_000;

/** @param now Unix ms */
export function createUnreadableRuns(server: string, log: Log, now: () => number): UnreadableRuns {
  const known = createKnownRuns<true>();
  const failures = new Map<string, { readonly times: number; readonly at: number }>();
  let givenUp: RunInfo[] = [];
  let failing: RunInfo[] = [];
  const refused = new Set<string>();
  const loggedAt = new Map<string, number>();

  function giveUp(run: RunInfo, message: string): void {
    // The full resync tries it again, and finds what is known.
    if (!known.has(run.run_id)) log.warn({ server, run: run.run_id, experiment: run.experiment_id }, message);
    known.remember(run.run_id, true);
    givenUp.push(run);
  }

  function failedTimes(id: string): number {
    for (const [other, { at }] of failures) if (now() - at > keepMs) failures.delete(other);
    const times = (failures.get(id)?.times ?? 0) + 1;
    failures.set(id, { times, at: now() });
    return times;
  }

  return {
    onTooLarge: (run) => giveUp(run, 'a run is too large to be read, so it is not linked'),
    onFailing: (run) => {
      if (failedTimes(run.run_id) < maxFailures) failing.push(run);
      else giveUp(run, 'MLflow repeatedly fails to read a run, so it is not linked');
    },
    onRefused: (experiment, error) => {
      refused.add(experiment);
      if (now() - (loggedAt.get(experiment) ?? Number.NEGATIVE_INFINITY) < keepMs) return;
      loggedAt.set(experiment, now());
      log.warn(
        { server, experiment, err: error },
        'MLflow does not let us search an experiment: its runs are not linked',
      );
    },
    takeRefused: () => {
      const taken = [...refused];
      refused.clear();
      return taken;
    },
    ids: () => known.idsWhere(() => true),
    takeUnread: () => {
      const taken = { givenUp, failing };
      givenUp = [];
      failing = [];
      return taken;
    },
  };
}

/** The end of a job's summary; empty where there are none. */
export function countUnreadable(runs: readonly RunInfo[]): string {
  return runs.length === 0 ? '' : `, ${count(runs.length, 'run')} that cannot be read`;
}

/** The same for experiments that MLflow does not let us search. */
export function describeRefused(experiments: readonly string[]): string {
  if (experiments.length === 0) return '';
  const named = experiments.slice(0, maxNamed).join(', ');
  const more = experiments.length > maxNamed ? ', …' : '';
  return `; MLflow does not let this service read ${count(experiments.length, 'experiment')} (${named}${more}): ${readRight}`;
}

/** For the log of a job. */
export function describeUnreadable(runs: readonly RunInfo[]): string {
  const named = runs.slice(0, maxNamed).map((run) => `${run.run_id} (experiment ${run.experiment_id})`);
  const more = runs.length - named.length;
  return [
    'not linked, because MLflow cannot serve them (each is over 200 MB, or MLflow fails to read it: see its log):',
    ...named,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}
