import type { TagDiff } from '../src/contract/diff-tags.js';
import { isTerminal, type RunView } from '../src/contract/run.js';
import { ourTag } from '../src/contract/tags.js';
import type { CommitKey } from '../src/contract/words.js';
import { failureOf } from '../src/domain/common/failure.js';
import { describePlan } from '../src/domain/links/tag-plan.js';
import { proposeTags } from '../src/facts/links/propose.js';
import type { Run } from '../src/mlflow/types.js';
import type { JobContext, JobOutcome, JobPayloads, NewJob, Queues } from '../src/queue/types.js';
import type { TagProposal } from './link/decisions.js';
import type { ConsumptionEvents } from './register/consumption-events.js';
import { countUnreadable, describeRefused, describeUnreadable } from './sweep/left-out.js';
import type { OtherFindings } from './sweep/others.js';
import { type PassesOptions, readInPasses, type Scan, type SweptServer } from './sweep/passes.js';

export interface SweepRunsDependencies {
  /** Throws where no such server is configured. */
  readonly server: (name: string) => SweptServer;
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed' | 'counts'>;
  readonly events: Pick<ConsumptionEvents, 'consumed'>;
  /** Resolves once the jobs that wait are done, or after a while. */
  readonly waitForIdle: (signal: AbortSignal) => Promise<void>;
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

interface Sweep extends PassesOptions {
  readonly queues: SweepRunsDependencies['queues'];
  readonly tally: Tally;
}

/**
 * Finds runs whose tags are missing or out of date, and queues them. MLflow has no "changed since": a sweep reads what
 * runs, what has started and what has ended since the last one, page by page (`sweep/passes.ts` says in which order and
 * why). Costs a search per 500 runs; deciding costs nothing where lakeFS's answers are remembered.
 */
export async function sweepRuns(
  payload: JobPayloads['sweep-runs'],
  context: JobContext,
  { server, ...dependencies }: SweepRunsDependencies,
): Promise<JobOutcome> {
  const swept = server(payload.server);
  const pause = swept.history.pauseMs();
  if (pause > 0)
    return { summary: `waits ${Math.ceil(pause / 1_000)} s: sweeps take at most a tenth of the time` };
  const tally: Tally = { seen: new Set(), queued: new Set(), unknown: new Set() };
  const sweep: Sweep = { ...dependencies, server: payload.server, swept, context, tally };

  const outcome = await readInPasses(sweep, async (page, scan) => {
    const readAt = sweep.now();
    const runs = read(page, scan, sweep);
    const decided = await decide(runs, sweep);
    const difference = await diff(decided, scan, sweep);
    await apply(difference, readAt, scan, sweep);
  });

  if (outcome.givenUp.length > 0) await context.log(describeUnreadable(outcome.givenUp));
  const summary = summaryOf(tally, outcome.experiments, outcome.others, outcome.whole);
  const refused = describeRefused(swept.unreadable.takeRefused());
  return { summary: `${summary}${countUnreadable(outcome.givenUp)}${refused}` };
}

/** The runs of a page that this scan has not judged yet. A search answers with all that a decision needs. */
function read(page: readonly Run[], { seen }: Scan, { tally }: Sweep): readonly Run[] {
  const fresh = page.filter((run) => !seen.has(run.info.run_id));
  for (const { info } of fresh) {
    seen.add(info.run_id);
    tally.seen.add(info.run_id);
  }
  return fresh;
}

interface Decided {
  readonly run: Run;
  readonly state: 'settled' | 'due' | 'unknown';
  /** What should be written; undefined where that could not be decided. */
  readonly proposal?: TagProposal;
}

function decide(runs: readonly Run[], sweep: Sweep): Promise<readonly Decided[]> {
  return Promise.all(runs.map((run) => decideRun(run, sweep)));
}

/**
 * One run that cannot be read must not stop the others: where a server is down it stays for the next sweep, and
 * where the run itself is the trouble its own job will say so.
 */
async function decideRun(run: Run, { swept: { facts, settled } }: Sweep): Promise<Decided> {
  try {
    const proposal = await proposeTags(run, facts);
    if (proposal.kind === 'tags') return { run, state: proposal.write ? 'due' : 'settled', proposal };
    // Its own job says what could not be read, and ends in failed where that stays so.
    if (proposal.trouble !== undefined) return { run, state: 'due' };
    if (proposal.settled !== undefined && proposal.settled.examination.links.length > 0)
      settled.add(proposal.settled.view);
    return { run, state: 'settled' };
  } catch (error) {
    return { run, state: failureOf(error)?.kind === 'unavailable' ? 'unknown' : 'due' };
  }
}

interface Difference {
  /** Runs whose tags are not as they should be, and that a job may still write. */
  readonly due: readonly Decided[];
  /** Commits whose status is another one than runs say. */
  readonly moved: readonly CommitKey[];
  /** What would be written, were it not for observe mode. */
  readonly observed: readonly string[];
}

/** Sorts the runs of a page into those with something to do, and the others. */
async function diff(decided: readonly Decided[], scan: Scan, sweep: Sweep): Promise<Difference> {
  const { swept, tally } = sweep;
  for (const { run, state } of decided) {
    const { run_id: id, start_time: startTime, status } = run.info;
    if (state === 'settled') swept.late.seen({ id, startTime, terminal: isTerminal(status) });
  }
  const due = await withoutFailed(
    decided.filter(({ state }) => state === 'due'),
    scan,
    sweep,
  );
  const unknown = decided.filter(({ state }) => state === 'unknown');
  for (const { run } of due) tally.queued.add(run.info.run_id);
  for (const { run } of unknown) tally.unknown.add(run.info.run_id);
  // A run is found by its start or by its end: the watermark stays below the later of the two.
  scan.unsettled.push(
    ...[...due, ...unknown].map(({ run: { info } }) => Math.max(info.start_time ?? 0, info.end_time ?? 0)),
  );
  return {
    due,
    moved: decided.flatMap(({ proposal }) =>
      proposal?.write === true && movesStatus(proposal.view, proposal.plan) ? proposal.examination.links : [],
    ),
    observed: decided.flatMap(({ run, proposal }) =>
      proposal?.write === false ? [`${run.info.run_id}: ${describePlan(proposal.plan)}`] : [],
    ),
  };
}

/** Only `link-run` writes: it is queued, with what was decided within reach. */
async function apply(
  { due, moved, observed }: Difference,
  readAt: number,
  { followsCommits }: Scan,
  { server, swept, queues, events, context }: Sweep,
): Promise<void> {
  swept.decisions.offer(
    due.flatMap(({ proposal }) => proposal ?? []),
    readAt,
  );
  if (due.length > 0) await queues.addMany(due.map(({ run }) => jobFor(server, run)));
  // A branch that was reset or deleted while nobody checked: the catalog says of these commits what runs said.
  if (followsCommits) await events.consumed(moved);
  if (observed.length > 0) await context.log(describeObserved(observed));
}

/** So many runs of a page are named in the log in observe mode. */
const maxObserved = 20;

/** In observe mode nothing is written, so this is where people see what would be. */
function describeObserved(plans: readonly string[]): string {
  const shown = plans.slice(0, maxObserved);
  const more = plans.length - shown.length;
  return ['observe mode, would tag:', ...shown, ...(more > 0 ? [`and ${more} more runs`] : [])].join('\n');
}

function movesStatus({ tags }: RunView, { set }: TagDiff): boolean {
  return tags.has(ourTag.status) && set.has(ourTag.status);
}

/** A job that sits in failed waits for a person: it is not queued again, and holds nothing back. */
async function withoutFailed(
  due: readonly Decided[],
  { retriesFailed }: Scan,
  { server, queues }: Sweep,
): Promise<readonly Decided[]> {
  if (retriesFailed || due.length === 0 || (await queues.counts())['link-run'].failed === 0) return due;
  const failed = await Promise.all(
    due.map(({ run }) => queues.hasFailed('link-run', jobFor(server, run).payload)),
  );
  return due.filter((_, index) => failed[index] === false);
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
