import { noDifference, type TagDiff } from '../src/contract/diff-tags.js';
import type { Link, RunView } from '../src/contract/run.js';
import { guideTags, ourTag } from '../src/contract/tags.js';
import { commitText } from '../src/contract/words.js';
import type { Failure } from '../src/domain/common/failure.js';
import { describePlan } from '../src/domain/links/tag-plan.js';
import { tagSteps } from '../src/domain/links/tag-steps.js';
import { type Proposal, proposeTags } from '../src/facts/links/propose.js';
import type { ServerFacts } from '../src/facts/links/server.js';
import type { RunReader } from '../src/facts/runs/run-reader.js';
import { viewOf } from '../src/facts/runs/run-view.js';
import { isNotActive, isNotFound } from '../src/mlflow/api-error.js';
import type { Run } from '../src/mlflow/types.js';
import type { JobContext, JobOutcome, JobPayloads } from '../src/queue/types.js';
import {
  type Decision,
  describeDecision,
  describeLinks,
  freshReadingMs,
  pageOfRun,
  type RecentDecisions,
  type TagProposal,
} from './link/decisions.js';
import { markProduced } from './link/mark-produced.js';
import { tagModels } from './link/tag-models.js';
import type { ConsumptionEvents } from './register/consumption-events.js';
import type { SettledRuns } from './sweep/left-out.js';

/** One MLflow server as the job sees it. */
interface LinkedServer {
  readonly facts: ServerFacts;
  readonly reader: RunReader;
  readonly settled: Pick<SettledRuns, 'add'>;
  readonly decisions: Pick<RecentDecisions, 'take'>;
}

export interface LinkRunDependencies {
  /** Throws where no such server is configured. */
  readonly server: (name: string) => LinkedServer;
  readonly events: Pick<ConsumptionEvents, 'consumed'>;
  /** Unix ms. */
  readonly now: () => number;
}

type Payload = JobPayloads['link-run'];

/** Deciding from memory takes no time; where it took longer than this (ms) the run is read again before the write. */
const quickMs = 20;

/** Makes one run's tags agree with what it read. The only writer of consumers' runs; safe to run twice. */
export async function linkRun(
  payload: Payload,
  context: JobContext,
  { server, events, now }: LinkRunDependencies,
): Promise<JobOutcome> {
  const linked = server(payload.server);
  if (payload.produced !== undefined) return markProduced(payload.run, payload.produced, linked);
  const reading = await read(payload, linked, now);
  if (reading === undefined) return { summary: 'the run is gone' };
  const decision = await decide(reading, linked, now);
  if ('kind' in decision) return leaveAlone(decision, payload, context, linked);
  const difference = diff(decision, payload, linked.facts);
  return apply(difference, context, { ...linked, events, now });
}

/** The run itself, or what the sweep that queued this job has decided about it a moment ago. */
type Reading = { readonly run: Run; readonly readAt: number } | Decision;

async function read(
  { run: id, models }: Payload,
  { reader, decisions }: LinkedServer,
  now: () => number,
): Promise<Reading | undefined> {
  const decided = models === undefined ? decisions.take(id) : undefined;
  if (decided !== undefined) return decided;
  const run = await reader.read(id);
  // How long the read itself took says nothing: a second one would be no fresher.
  return run === undefined ? undefined : { run, readAt: now() };
}

type Leave = Extract<Proposal, { kind: 'leave' }>;

/** What the run's tags should be. The guide logs its dataset before its tags, and people write tags by hand. */
async function decide(
  reading: Reading,
  { facts, reader }: LinkedServer,
  now: () => number,
): Promise<Decision | Leave> {
  if ('proposal' in reading) return reading;
  const first = await proposeTags(reading.run, facts);
  if (first.kind === 'leave') return first;
  if (now() - reading.readAt <= quickMs) return { proposal: first, readAt: reading.readAt };
  const readAt = now();
  const run = await reader.read(first.view.id);
  if (run === undefined) return { kind: 'leave', reason: 'the run is gone' };
  const proposal = await proposeTags(run, facts);
  return proposal.kind === 'leave' ? proposal : { proposal, readAt };
}

interface Difference extends Decision {
  /** Commits whose number of consumers changes. */
  readonly consumed: readonly Link[];
  /** True where model versions of the run may lack tags, too. */
  readonly models: boolean;
}

/** What has to be written besides the plan of the run's own tags. */
function diff({ proposal, readAt }: Decision, { models }: Payload, facts: ServerFacts): Difference {
  return {
    ...{ proposal, readAt },
    consumed: newlyConsumed(proposal, facts),
    models: (proposal.view.loggedModel || models !== undefined) && tagsModels(proposal, facts),
  };
}

async function apply(
  { proposal, readAt, consumed, models }: Difference,
  context: JobContext,
  { facts, reader, settled, events, now }: LinkedServer & Omit<LinkRunDependencies, 'server'>,
): Promise<JobOutcome> {
  const { view, plan, examination } = proposal;
  await context.log(describeDecision(proposal));
  const links = pageOfRun(view, facts);
  if (!proposal.write) return { summary: `observe mode: ${describePlan(plan)} (not written)`, links };
  // The commits are queued before the write, so that a crash right after it leaves no run uncounted; and after it, as a
  // check that began before the write has not seen the run. The two make one check where the first still waits.
  await events.consumed(consumed);
  // Models first: once the run's tags are as they should be, nobody checks it again.
  if (models) await logModels(await tagModels(facts.access.mlflow, view, plan), context);
  if (touchesGuideTags(plan) && now() - readAt > freshReadingMs)
    assertUnchanged(view, await reader.read(view.id));
  const gone = await applyPlan(view.id, plan, facts);
  await events.consumed(consumed);
  if (gone) return { summary: 'the run was deleted in the meantime' };
  // Linked it is; what could not be read is tried again by this job, which ends in failed where that stays so.
  if (proposal.trouble !== undefined) throw proposal.trouble;
  settled.add(view);
  return { summary: describeLinks(examination.links), links };
}

/** Nothing is to be written to the run itself; its models may lack tags all the same. */
async function leaveAlone(
  leave: Leave,
  { models }: Payload,
  context: JobContext,
  linked: LinkedServer,
): Promise<JobOutcome> {
  if (models !== undefined) await tagModelsOfSettled(leave, context, linked);
  if (leave.trouble !== undefined) throw leave.trouble;
  return { summary: leave.reason };
}

/** A model that was registered after its run was tagged: only the model lacks anything. */
async function tagModelsOfSettled(
  { settled }: Leave,
  context: JobContext,
  { facts, reader }: LinkedServer,
): Promise<void> {
  if (settled === undefined || !tagsModels(settled, facts)) return;
  const { view } = settled;
  await logModels(await tagModels(facts.access.mlflow, view, noDifference), context);
  // A job of the same run may have given it other tags, and its models too, before we wrote those that we saw.
  const after = await reader.read(view.id);
  if (after === undefined) return;
  const { tags } = viewOf(after);
  const same = [ourTag.links, ourTag.status, ourTag.because].every(
    (key) => tags.get(key) === view.tags.get(key),
  );
  if (!same) throw new RunChangedError(view.id);
}

function touchesGuideTags({ set, remove }: TagDiff): boolean {
  return guideTags.some((key) => set.has(key) || remove.includes(key));
}

/** A decision can take minutes (a run with a thousand inputs): what a user wrote in the meantime is not ours to change. */
function assertUnchanged(seen: RunView, run: Run | undefined): void {
  const there = run === undefined ? undefined : viewOf(run);
  const same = guideTags.every((key) => there?.tags.get(key) === seen.tags.get(key));
  if (there === undefined || (same && there.terminal === seen.terminal)) return;
  throw new RunChangedError(seen.id);
}

/**
 * Commits that the run was not linked to before, and those that it no longer is: both have a count to mend. A list that
 * was copied with its run from another server may name an installation that is none of ours.
 */
function newlyConsumed({ view, examination }: TagProposal, { access }: ServerFacts): readonly Link[] {
  const ours = access.installations.names;
  const before = view.tags.linksTag.links.filter(({ installation }) => ours.includes(installation));
  const key = (link: Link): string => `${commitText(link)} ${link.path}`;
  const known = new Set(before.map(key));
  const still = new Set(examination.links.map(key));
  return [
    ...examination.links.filter((link) => !known.has(key(link))),
    ...before.filter((link) => !still.has(key(link))),
  ];
}

/** Model versions are tagged where an installation of the run's links, or of those it had, wants it. */
function tagsModels(
  { view, examination }: Pick<TagProposal, 'view' | 'examination'>,
  facts: ServerFacts,
): boolean {
  const named = [...examination.links, ...view.tags.linksTag.links].map((link) => link.installation);
  return facts.access.installations.tagsModels(named);
}

async function logModels(versions: readonly string[], context: JobContext): Promise<void> {
  if (versions.length > 0) await context.log(`model versions: ${versions.join(', ')}`);
}

/** Answers true where the run was deleted in the meantime: there is nothing left to tag. */
async function applyPlan(runId: string, plan: TagDiff, facts: ServerFacts): Promise<boolean> {
  const { runs } = facts.access.mlflow;
  const { removeFirst, set, removeLast } = tagSteps(plan);
  const remove = (key: string): Promise<void> =>
    runs.deleteTag(runId, key).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  try {
    for (const key of removeFirst) await remove(key);
    if (set.length > 0) await runs.logBatch(runId, undefined, undefined, set);
    for (const key of removeLast) await remove(key);
    return false;
  } catch (error) {
    if (isNotFound(error) || isNotActive(error)) return true;
    throw error;
  }
}

/** Somebody wrote to a run while we decided about it: it is decided again, which spends no attempt. */
class RunChangedError extends Error {
  override readonly name = 'RunChangedError';
  readonly failure: Failure = { kind: 'unavailable', retryAfterMs: 1_000 };

  constructor(run: string) {
    super(`run ${run} was changed in the meantime, so nothing was written`);
  }
}
