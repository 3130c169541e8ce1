import { isTerminal, type RunView } from '../src/contract/run.js';
import type { CommitKey } from '../src/contract/words.js';
import { failureOf } from '../src/domain/common/failure.js';
import { describePlan, type TagPlan } from '../src/domain/links/tag-plan.js';
import { proposeTags } from '../src/facts/links/propose.js';
import type { ServerFacts } from '../src/facts/links/server.js';
import { without } from '../src/facts/runs/known-runs.js';
import { type RunPagesOptions, runPages } from '../src/facts/runs/run-pages.js';
import type { RunReader } from '../src/facts/runs/run-reader.js';
import type { ModelVersion, Run } from '../src/mlflow/types.js';
import type { JobContext, JobOutcome, JobPayloads, NewJob, Queues } from '../src/queue/types.js';
import { inParallel } from './in-parallel.js';
import type { ConsumptionEvents } from './register/consumption-events.js';
import type { Resync } from './sweep/full-resync.js';
import type { LateRuns } from './sweep/late-runs.js';
import {
  countUnreadable,
  describeRefused,
  describeUnreadable,
  type SettledRuns,
  searchesSince,
  type UnreadableRuns,
} from './sweep/left-out.js';
import { changedParents, isWatched, nestedRuns } from './sweep/nested-runs.js';
import { createOtherScans, type OtherFindings } from './sweep/others.js';
import type { SweepHistory } from './sweep/pace.js';
import type { ResyncStep } from './sweep/resync-steps.js';

export interface SweepRunsDependencies {
  /** Throws where no such server is configured. */
  readonly server: (name: string) => {
    readonly facts: ServerFacts;
    readonly reader: RunReader;
    readonly memory: SweepHistory;
    readonly settled: SettledRuns;
    readonly large: UnreadableRuns;
    readonly late: LateRuns;
    readonly lap: Resync<ResyncStep>;
    readonly models: Resync<ModelVersion>;
    readonly made: Resync<Run>;
  };
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed' | 'counts'>;
  readonly news: ConsumptionEvents;
  /** Resolves once the jobs that wait are done, or after a while. */
  readonly quiet: (signal: AbortSignal) => Promise<void>;
  /** Unix ms. */
  readonly now: () => number;
}

/** Runs by their ids. */
interface Tally {
  readonly seen: Set<string>;
  readonly queued: Set<string>;
  /** Those that cannot be judged now: a server is down or refuses our keys. */
  readonly unknown: Set<string>;
}

interface Look {
  readonly server: string;
  /** Ids of the experiments that are watched. */
  readonly experiments: readonly string[];
  readonly facts: ServerFacts;
  readonly settled: SettledRuns;
  readonly large: UnreadableRuns;
  /** Ids of runs that only the slow lap reads: too large, or heavy and as they should be. */
  readonly leftOut: readonly string[];
  readonly late: LateRuns;
  readonly queues: SweepRunsDependencies['queues'];
  readonly tally: Tally;
  /** Runs that this look has judged: some are found by their start and by their end. */
  readonly seen: Set<string>;
  /** Start or end times of runs whose tags are not yet as they should be. */
  readonly unsettled: number[];
  /** Told of commits whose status is another one than runs say; left out where jobs that wait will say so. */
  readonly news?: ConsumptionEvents;
  readonly context: JobContext;
}

interface Judgement {
  readonly state: 'settled' | 'due' | 'unknown';
  /** What would be written, were it not for observe mode. */
  readonly plan?: string;
  /** The run's links, where their status is another one than the run says. */
  readonly moved?: readonly CommitKey[];
}

/** So many runs of a page are named in the log in observe mode. */
const maxObserved = 20;

/**
 * Looks for runs whose tags are not what they should be, and queues them. MLflow has no "changed since": a sweep
 * looks at what runs, what has started and what has ended since the last sweep. Once the jobs that wait are done, so
 * that nobody waits for what is known, a whole sweep looks so at everything since the watermark. Each makes one step of
 * the slow lap that finds late edits and what lost jobs have left, and goes on looking for runs that show up with times
 * of long ago (`late-runs.ts`). Costs a search per 500 runs; deciding costs nothing where lakeFS's answers are remembered.
 */
export async function sweepRuns(
  payload: JobPayloads['sweep-runs'],
  context: JobContext,
  { server, queues, news, quiet, now }: SweepRunsDependencies,
): Promise<JobOutcome> {
  const { facts, reader, memory, settled, large, late, lap, models, made } = server(payload.server);
  const pause = memory.pauseMs();
  if (pause > 0)
    return { summary: `waits ${Math.ceil(pause / 1_000)} s: sweeps take at most a tenth of the time` };
  const startedAt = now();
  // A new experiment must not wait for what is remembered.
  const watched = (await facts.experiments.fresh()).filter((entry) => isWatched(entry, facts));
  const experiments = watched.map(({ id }) => id);
  const scope = await memory.begin(startedAt);
  const tally: Tally = { seen: new Set(), queued: new Set(), unknown: new Set() };
  const unread = (): readonly string[] => [...large.ids(), ...settled.heavy()];
  const newLook = (): Look => ({
    ...{ server: payload.server, experiments, facts, settled, large, late, queues, tally, context },
    ...{ seen: new Set(), unsettled: [], leftOut: unread() },
  });
  const others = createOtherScans(payload.server, { facts, reader, queues, models, made, context });
  const { newSince, allSince } = scope;
  await inParallel(
    async () => {
      if (newSince !== undefined) await lookSince(newSince, startedAt, newLook(), settled);
    },
    async () => others.newModels(allSince ?? newSince ?? 0),
  );
  const waitsSince = now();
  // The first sweep of a process knows no new from old: what waits for it is in all of it.
  if (newSince !== undefined) await quiet(context.signal);
  const waitedMs = now() - waitsSince;
  const whole = { ...newLook(), news };
  const lookAtAll = async (): Promise<void> => {
    if (allSince !== undefined) await lookSince(allSince, startedAt, whole);
    if (allSince === 0) late.allSeen();
  };
  await inParallel(
    lookAtAll,
    async () => {
      await lap.step(
        async (steps) => {
          for (const { runs, doubts } of steps) {
            // The lap also tries again what has failed: what was wrong may have passed.
            await lookAtPage(runs, { ...whole, queues: { ...queues, hasFailed: async () => false } });
            await news.consumed(doubts);
          }
        },
        async (text) => context.log(text),
      );
    },
    async () => others.laps(),
  );
  const lateSince = now();
  await late.step(
    (filter) => lookAt(`${filter}${without(unread())}`, {}, { ...newLook(), news }),
    async (text) => context.log(text),
  );
  // It keeps to a share of its own: the next sweep need not wait for it as well.
  const apartMs = waitedMs + (now() - lateSince);
  const found = others.found();
  const { givenUp, failing } = large.takeUnread();
  const refused = describeRefused(large.takeRefused());
  // What is tried again must stay in reach.
  const retried = failing.map(({ start_time = 0, end_time = 0 }) => Math.max(start_time, end_time));
  await memory.finished(scope, [...whole.unsettled, ...found.unsettled, ...retried], apartMs);
  if (givenUp.length > 0) await context.log(describeUnreadable(givenUp));
  const told = summaryOf(tally, experiments.length, found, allSince !== undefined);
  return { summary: `${told}${countUnreadable(givenUp)}${refused}` };
}

/** Without what is settled it is a look at what is new: jobs wait for that. */
async function lookSince(since: number, startedAt: number, look: Look, settled?: SettledRuns): Promise<void> {
  const isNews = settled !== undefined;
  await inParallel(
    ...searchesSince(since, startedAt, look.leftOut, settled).map(
      ({ filter, order }) =>
        async () =>
          lookAt(filter, { order, growing: isNews, urgent: isNews }, look),
    ),
  );
}

async function lookAt(filter: string, options: RunPagesOptions, look: Look): Promise<void> {
  const { facts, experiments, large, context } = look;
  const { onTooLarge, onFailing, onRefused } = large;
  const all = { ...options, onTooLarge, onFailing, onRefused, heavy: facts.heavy };
  for await (const page of runPages(facts.access.mlflow, experiments, filter, all)) {
    context.signal.throwIfAborted();
    await lookAtPage(page, look);
  }
}

async function lookAtPage(page: readonly Run[], look: Look): Promise<void> {
  const parents = changedParents(page, look.facts);
  await judgePage(page, look);
  for await (const children of nestedRuns(parents, look.experiments, look.facts, look.large)) {
    // They may have been looked at before it was known what their parent declares.
    for (const run of children) look.seen.delete(run.info.run_id);
    await judgePage(children, look);
  }
}

async function judgePage(
  page: readonly Run[],
  { server, facts, settled, late, queues, tally, seen, unsettled, news, context }: Look,
): Promise<void> {
  const fresh = page.filter((run) => !seen.has(run.info.run_id));
  for (const { info } of fresh) {
    seen.add(info.run_id);
    tally.seen.add(info.run_id);
  }
  const judged = await Promise.all(
    fresh.map(async (run) => ({ run, ...(await judge(run, facts, settled)) })),
  );
  for (const { run, state } of judged) {
    const { run_id: id, start_time: startTime, status } = run.info;
    if (state === 'settled') late.seen({ id, startTime, terminal: isTerminal(status) });
  }
  const due = await withoutFailed(
    server,
    judged.filter(({ state }) => state === 'due').map(({ run }) => run),
    queues,
  );
  const unknown = judged.filter(({ state }) => state === 'unknown').map(({ run }) => run);
  for (const { info } of due) tally.queued.add(info.run_id);
  for (const { info } of unknown) tally.unknown.add(info.run_id);
  // A run is found by its start or by its end: the watermark stays below the later of the two.
  unsettled.push(
    ...[...due, ...unknown].map(({ info }) => Math.max(info.start_time ?? 0, info.end_time ?? 0)),
  );
  if (due.length > 0) await queues.addMany(due.map((run) => jobFor(server, run)));
  // A branch that was reset or deleted while nobody looked: the catalog says of these commits what runs said.
  await news?.consumed(judged.flatMap(({ moved = [] }) => moved));
  const observed = judged.flatMap(({ run, plan }) =>
    plan === undefined ? [] : [`${run.info.run_id}: ${plan}`],
  );
  if (observed.length > 0) await context.log(describeObserved(observed));
}

/** In observe mode nothing is written, so this is where people see what would be. */
function describeObserved(plans: readonly string[]): string {
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
      // Its own job says what could not be read, and ends in failed where that stays so.
      if (proposal.trouble !== undefined) return { state: 'due' };
      if (proposal.settled !== undefined && proposal.settled.examination.links.length > 0)
        settled.add(proposal.settled.view);
      return { state: 'settled' };
    }
    if (!proposal.write) return { state: 'settled', plan: describePlan(proposal.plan) };
    const { view, plan, examination } = proposal;
    return { state: 'due', ...(movesStatus(view, plan) ? { moved: examination.links } : {}) };
  } catch (error) {
    return { state: failureOf(error)?.kind === 'unavailable' ? 'unknown' : 'due' };
  }
}

function movesStatus({ tags }: RunView, { set }: TagPlan): boolean {
  return tags.has('lakefs.status') && set.has('lakefs.status');
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
  { queued: more, troubles }: OtherFindings,
  whole: boolean,
): string {
  const waiting =
    unknown.size === 0
      ? ''
      : `, ${unknown.size} that cannot be judged now (lakeFS is down or refuses our keys)`;
  const models = more === 0 ? '' : `, ${more} more because of their models or of commits that they produced`;
  const troubled = troubles.map((trouble) => `; could not check ${trouble}`).join('');
  const which = whole ? 'runs' : 'new runs';
  return `checked ${seen.size} ${which} in ${experiments} experiments, ${queued.size} to be tagged${models}${waiting}${troubled}`;
}
