import { failureOf } from '../src/domain/failure.js';
import { runningWindowMs } from '../src/domain/sweep.js';
import { describePlan } from '../src/domain/tag-plan.js';
import { without } from '../src/facts/known-runs.js';
import { proposeTags } from '../src/facts/propose.js';
import { runPages } from '../src/facts/run-pages.js';
import type { RunReader } from '../src/facts/run-reader.js';
import type { ServerFacts } from '../src/facts/server.js';
import type { ModelVersion, Run } from '../src/mlflow/types.js';
import type { JobContext, JobOutcome, JobPayloads, NewJob, Queues } from '../src/queue/types.js';
import type { LapStep } from './catalog-lap.js';
import type { ConsumptionNews } from './consumption-news.js';
import { inParallel } from './in-parallel.js';
import type { Lap } from './lap.js';
import { changedParents, nestedRuns } from './nested-runs.js';
import type { SettledRuns } from './settled-runs.js';
import type { SweepMemory, SweepScope } from './sweep-memory.js';
import { type OtherSweep, sweepOthers } from './sweep-others.js';
import { isWatched } from './watched-experiments.js';

export interface SweepRunsDependencies {
  /** Throws where no such server is configured. */
  readonly server: (name: string) => {
    readonly facts: ServerFacts;
    readonly reader: RunReader;
    readonly memory: SweepMemory;
    readonly settled: SettledRuns;
    readonly lap: Lap<LapStep>;
    readonly models: Lap<ModelVersion>;
    readonly made: Lap<Run>;
  };
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed' | 'counts'>;
  readonly news: ConsumptionNews;
  /** Unix ms. */
  readonly now: () => number;
}

interface Tally {
  readonly seen: Set<string>;
  queued: number;
  /** Runs that cannot be judged now: a server is down or refuses our keys. */
  unknown: number;
  /** Start or end times of runs whose tags are not yet as they should be. */
  readonly unsettled: number[];
}

interface Look {
  readonly server: string;
  /** Ids of the experiments that are watched. */
  readonly experiments: readonly string[];
  readonly facts: ServerFacts;
  readonly settled: SettledRuns;
  readonly queues: SweepRunsDependencies['queues'];
  readonly tally: Tally;
  readonly context: JobContext;
}

interface Judgement {
  readonly state: 'settled' | 'due' | 'unknown';
  /** What would be written, were it not for observe mode. */
  readonly plan?: string;
}

/** So many runs of a page are named in the log in observe mode. */
const maxObserved = 20;

/**
 * Looks for runs whose tags are not what they should be, and queues them. MLflow has no "changed since": a sweep
 * looks at what runs, what has started and what has ended since the watermark (or, in between, since the last sweep),
 * and makes one step of the slow lap that finds backdated runs, late edits and what lost jobs have left. Costs a search
 * per 500 runs; deciding costs nothing where lakeFS's answers are remembered.
 */
export async function sweepRuns(
  payload: JobPayloads['sweep-runs'],
  context: JobContext,
  { server, queues, news, now }: SweepRunsDependencies,
): Promise<JobOutcome> {
  const { facts, reader, memory, settled, lap, models, made } = server(payload.server);
  const pause = memory.pauseMs();
  if (pause > 0)
    return { summary: `waits ${Math.ceil(pause / 1_000)} s: sweeps take at most a tenth of the time` };
  const startedAt = now();
  // A new experiment must not wait for what is remembered.
  const watched = (await facts.experiments.fresh()).filter((entry) => isWatched(entry, facts));
  const experiments = watched.map(({ id }) => id);
  const scope = await memory.begin(startedAt);
  const tally: Tally = { seen: new Set(), queued: 0, unknown: 0, unsettled: [] };
  const look: Look = { server: payload.server, experiments, facts, settled, queues, tally, context };
  const say = async (text: string): Promise<void> => context.log(text);
  let others: OtherSweep | undefined;
  await inParallel(
    ...looks(scope, settled).map(({ filter, order }) => async () => {
      for await (const page of runPages(facts.access.mlflow, experiments, filter, { order })) {
        context.signal.throwIfAborted();
        await lookAtPage(page, look);
      }
    }),
    async () => {
      await lap.step(async (steps) => {
        for (const { runs, doubts } of steps) {
          // The lap also tries again what has failed: what was wrong may have passed.
          await lookAtPage(runs, { ...look, queues: { ...queues, hasFailed: async () => false } });
          await news.consumed(doubts);
        }
      }, say);
    },
    async () => {
      others = await sweepOthers(payload.server, scope.since, {
        facts,
        reader,
        queues,
        models,
        made,
        context,
      });
      tally.unsettled.push(...others.unsettled);
    },
  );
  await memory.finished(scope, tally.unsettled);
  return { summary: summaryOf(tally, experiments.length, others, scope) };
}

/**
 * They share no run: a page costs MLflow half a second of work. A short sweep leaves out what was settled a minute ago;
 * what people change there is found by the next whole one.
 */
function looks(
  { startedAt, since, whole }: SweepScope,
  settled: SettledRuns,
): readonly { readonly filter: string; readonly order: string }[] {
  const started = {
    filter: `attributes.start_time >= ${since}${whole ? '' : without(settled.startedSince(since))}`,
    order: 'attributes.start_time ASC',
  };
  if (since === 0) return [started];
  const week = startedAt - runningWindowMs;
  const ended = `attributes.end_time >= ${since} AND attributes.start_time < ${since}`;
  return [
    {
      filter: `attributes.status = 'RUNNING' AND attributes.start_time >= ${week} AND attributes.start_time < ${since}`,
      order: 'attributes.start_time ASC',
    },
    started,
    {
      filter: `${ended}${whole ? '' : without(settled.endedSince(since))}`,
      order: 'attributes.end_time ASC',
    },
  ];
}

async function lookAtPage(page: readonly Run[], look: Look): Promise<void> {
  const parents = changedParents(page, look.facts);
  await judgePage(page, look);
  for await (const children of nestedRuns(parents, look.experiments, look.facts)) {
    // They may have been looked at before it was known what their parent declares.
    for (const run of children) look.tally.seen.delete(run.info.run_id);
    await judgePage(children, look);
  }
}

async function judgePage(
  page: readonly Run[],
  { server, facts, settled, queues, tally, context }: Look,
): Promise<void> {
  const fresh = page.filter((run) => !tally.seen.has(run.info.run_id));
  for (const run of fresh) tally.seen.add(run.info.run_id);
  const judged = await Promise.all(
    fresh.map(async (run) => ({ run, ...(await judge(run, facts, settled)) })),
  );
  const due = await withoutFailed(
    server,
    judged.filter(({ state }) => state === 'due').map(({ run }) => run),
    queues,
  );
  const unknown = judged.filter(({ state }) => state === 'unknown').map(({ run }) => run);
  tally.queued += due.length;
  tally.unknown += unknown.length;
  // A run is found by its start or by its end: the watermark stays below the later of the two.
  tally.unsettled.push(
    ...[...due, ...unknown].map(({ info }) => Math.max(info.start_time ?? 0, info.end_time ?? 0)),
  );
  if (due.length > 0) await queues.addMany(due.map((run) => jobFor(server, run)));
  const observed = judged.flatMap(({ run, plan }) =>
    plan === undefined ? [] : [`${run.info.run_id}: ${plan}`],
  );
  if (observed.length > 0) await context.log(tellObserved(observed));
}

/** In observe mode nothing is written, so this is where people see what would be. */
function tellObserved(plans: readonly string[]): string {
  const shown = plans.slice(0, maxObserved);
  const more = plans.length - shown.length;
  return ['observe mode, would tag:', ...shown, ...(more > 0 ? [`and ${more} more runs`] : [])].join('\n');
}

/**
 * One run that cannot be read must not stop the others: where a server is down it stays for the next sweep, and
 * where the run itself is the trouble its own job will say so.
 */
async function judge(run: Run, facts: ServerFacts, settled: SettledRuns): Promise<Judgement> {
  try {
    const proposal = await proposeTags(run, facts);
    if (proposal.kind === 'leave') {
      if (proposal.settled !== undefined && proposal.settled.examination.links.length > 0)
        settled.add(proposal.settled.view);
      return { state: 'settled' };
    }
    return proposal.write ? { state: 'due' } : { state: 'settled', plan: describePlan(proposal.plan) };
  } catch (error) {
    return { state: failureOf(error)?.kind === 'unavailable' ? 'unknown' : 'due' };
  }
}

/** A job that sits in failed waits for a person: it is not made again, and holds nothing back. */
async function withoutFailed(
  server: string,
  runs: readonly Run[],
  queues: SweepRunsDependencies['queues'],
): Promise<readonly Run[]> {
  if (runs.length === 0 || (await queues.counts())['link-run'].failed === 0) return runs;
  const failed = await Promise.all(
    runs.map((run) => queues.hasFailed('link-run', jobFor(server, run).payload)),
  );
  return runs.filter((_, index) => failed[index] === false);
}

function jobFor(server: string, run: Run): NewJob<'link-run'> {
  return { name: 'link-run', payload: { v: 1, server, run: run.info.run_id }, cause: 'sweep' };
}

function summaryOf(
  { seen, queued, unknown }: Tally,
  experiments: number,
  others: OtherSweep | undefined,
  { whole }: SweepScope,
): string {
  const waiting =
    unknown === 0 ? '' : `, ${unknown} that cannot be judged now (lakeFS is down or refuses our keys)`;
  const { queued: more = 0, troubles = [] } = others ?? {};
  const models = more === 0 ? '' : `, ${more} more for their models or for commits that they made`;
  const troubled = troubles.map((trouble) => `; could not look at ${trouble}`).join('');
  const which = whole ? 'runs' : 'new runs';
  return `${seen.size} ${which} in ${experiments} experiments looked at, ${queued} to be tagged${models}${waiting}${troubled}`;
}
