import type { ServerFacts } from '../../src/facts/links/server.js';
import { without } from '../../src/facts/runs/known-runs.js';
import { type RunPagesOptions, runPages } from '../../src/facts/runs/run-pages.js';
import type { RunReader } from '../../src/facts/runs/run-reader.js';
import type { ModelVersion, Run, RunInfo } from '../../src/mlflow/types.js';
import type { JobContext, Queues } from '../../src/queue/types.js';
import { inParallel } from '../in-parallel.js';
import type { RecentDecisions } from '../link/decisions.js';
import type { ConsumptionEvents } from '../register/consumption-events.js';
import type { Resync } from './full-resync.js';
import type { LateRuns } from './late-runs.js';
import { type SettledRuns, searchesSince, type UnreadableRuns } from './left-out.js';
import { changedParents, isWatched, nestedRuns } from './nested-runs.js';
import { createOtherScans, type OtherFindings } from './others.js';
import type { SweepHistory } from './pace.js';
import type { ResyncStep } from './resync-steps.js';

/** One MLflow server, with what its sweeps remember from one to the next. */
export interface SweptServer {
  readonly facts: ServerFacts;
  readonly reader: RunReader;
  readonly history: SweepHistory;
  readonly settled: SettledRuns;
  readonly unreadable: UnreadableRuns;
  readonly late: LateRuns;
  readonly decisions: Pick<RecentDecisions, 'offer'>;
  readonly runs: Resync<ResyncStep>;
  readonly models: Resync<ModelVersion>;
  readonly produced: Resync<Run>;
}

/** One part of a sweep: what it has seen, and what of that is not as it should be. */
export interface Scan {
  /** Runs that were judged: some are found by their start and by their end. */
  readonly seen: Set<string>;
  /** Start or end times of runs whose tags are not yet as they should be. */
  readonly unsettled: number[];
  /** True where commits are queued whose status is another one than runs say; else jobs that wait will queue them. */
  readonly followsCommits: boolean;
  /** True where runs whose jobs have failed are queued again: what was wrong may have passed. */
  readonly retriesFailed: boolean;
}

/** Takes the runs of a page, which were read just now. */
type HandlePage = (page: readonly Run[], scan: Scan) => Promise<void>;

export interface PassesOptions {
  readonly server: string;
  readonly swept: SweptServer;
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed'>;
  readonly events: Pick<ConsumptionEvents, 'consumed'>;
  /** Resolves once the jobs that wait are done, or after a while. */
  readonly waitForIdle: (signal: AbortSignal) => Promise<void>;
  readonly context: JobContext;
  /** Unix ms. */
  readonly now: () => number;
}

export interface PassesOutcome {
  /** How many experiments are watched. */
  readonly experiments: number;
  /** True where everything since the watermark was read. */
  readonly whole: boolean;
  readonly others: OtherFindings;
  /** Runs that cannot be read. */
  readonly givenUp: readonly RunInfo[];
}

/**
 * The order in which a sweep reads, so that nobody waits for what can wait: what is new first; once the jobs that wait
 * are done, all since the watermark (in a whole sweep), beside one step of each full resync; last the search for runs
 * that show up with times of long ago. Each page goes to `handle`, and then those nested in its runs where these
 * declare something else by now.
 */
export async function readInPasses(
  { server, swept, queues, events, waitForIdle, context, now }: PassesOptions,
  handle: HandlePage,
): Promise<PassesOutcome> {
  const { facts, reader, history, settled, unreadable, late, models, produced } = swept;
  const startedAt = now();
  // A new experiment must not wait for what is remembered.
  const watched = (await facts.experiments.fresh()).filter((entry) => isWatched(entry, facts));
  const experiments = watched.map(({ id }) => id);
  const scope = await history.begin(startedAt);
  const { newSince, allSince } = scope;
  // Only the full resync reads them: too large, or heavy and as they should be.
  const leftOut = (): readonly string[] => [...unreadable.ids(), ...settled.heavy()];
  const log = (text: string): Promise<void> => context.log(text);
  const others = createOtherScans(server, { facts, reader, queues, models, produced, context });

  await inParallel(
    async () => {
      if (newSince !== undefined) await scanSince(newSince, newScan(false), settled);
    },
    async () => others.newModels(allSince ?? newSince ?? 0),
  );
  const waitsSince = now();
  // The first sweep of a process cannot tell new from old: what waits for it is in all of it.
  if (newSince !== undefined) await waitForIdle(context.signal);
  const waitedMs = now() - waitsSince;
  const whole = newScan(true);
  await inParallel(
    async () => {
      if (allSince !== undefined) await scanSince(allSince, whole);
      if (allSince === 0) late.allSeen();
    },
    async () => {
      await swept.runs.step(async (steps) => {
        for (const { runs, doubts } of steps) {
          await handleWithNested(runs, { ...whole, retriesFailed: true });
          await events.consumed(doubts);
        }
      }, log);
    },
    async () => others.resyncs(),
  );
  const lateSince = now();
  await late.step((filter) => scan(`${filter}${without(leftOut())}`, {}, newScan(true)), log);
  // The wait and the late runs keep to shares of their own: the next sweep need not wait for them as well.
  const apartMs = waitedMs + (now() - lateSince);
  const found = others.found();
  const { givenUp, failing } = unreadable.takeUnread();
  // What is tried again must stay in reach.
  const retried = failing.map(({ start_time = 0, end_time = 0 }) => Math.max(start_time, end_time));
  await history.finished(scope, [...whole.unsettled, ...found.unsettled, ...retried], apartMs);
  return { experiments: experiments.length, whole: allSince !== undefined, others: found, givenUp };

  /** Without those that are settled these are new runs: jobs wait for them. */
  async function scanSince(since: number, part: Scan, known?: SettledRuns): Promise<void> {
    const urgent = known !== undefined;
    const searches = searchesSince(since, startedAt, leftOut(), known);
    await inParallel(
      ...searches.map(
        ({ filter, order }) =>
          () =>
            scan(filter, { order, growing: urgent, urgent }, part),
      ),
    );
  }

  async function scan(filter: string, options: RunPagesOptions, part: Scan): Promise<void> {
    const { onTooLarge, onFailing, onRefused } = unreadable;
    const all = { ...options, onTooLarge, onFailing, onRefused, heavy: facts.heavy };
    for await (const page of runPages(facts.access.mlflow, experiments, filter, all)) {
      context.signal.throwIfAborted();
      await handleWithNested(page, part);
    }
  }

  async function handleWithNested(page: readonly Run[], part: Scan): Promise<void> {
    const parents = changedParents(page, facts);
    await handle(page, part);
    for await (const children of nestedRuns(parents, experiments, facts, unreadable)) {
      // They may have been judged before it was known what their parent declares.
      for (const run of children) part.seen.delete(run.info.run_id);
      await handle(children, part);
    }
  }
}

function newScan(followsCommits: boolean): Scan {
  return { seen: new Set(), unsettled: [], followsCommits, retriesFailed: false };
}
