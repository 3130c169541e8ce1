import { guideTags, linksTagKey, readLinksTag } from '../src/contract/links-tag.js';
import type { Link, RunView } from '../src/contract/run.js';
import type { Failure } from '../src/domain/common/failure.js';
import { mlflowRunPage } from '../src/domain/common/links-to.js';
import { describePlan, type TagPlan } from '../src/domain/links/tag-plan.js';
import { tagSteps } from '../src/domain/links/tag-steps.js';
import { type Proposal, proposeTags } from '../src/facts/links/propose.js';
import type { ServerFacts } from '../src/facts/links/server.js';
import type { RunReader } from '../src/facts/runs/run-reader.js';
import { viewOf } from '../src/facts/runs/run-view.js';
import { isNotActive, isNotFound } from '../src/mlflow/api-error.js';
import type { Run } from '../src/mlflow/types.js';
import type { JobContext, JobOutcome, JobPayloads } from '../src/queue/types.js';
import { markProduced } from './link/mark-produced.js';
import { tagModels } from './link/tag-models.js';
import type { ConsumptionEvents } from './register/consumption-events.js';
import type { SettledRuns } from './sweep/left-out.js';

export interface LinkRunDependencies {
  /** Throws where no such server is configured. */
  readonly server: (name: string) => {
    readonly facts: ServerFacts;
    readonly reader: RunReader;
    readonly settled: Pick<SettledRuns, 'add'>;
  };
  readonly news: ConsumptionEvents;
  /** Unix ms. */
  readonly now: () => number;
}

type TagProposal = Extract<Proposal, { kind: 'tags' }>;

/** Deciding from memory takes no time; where it took longer than this the run is read again before the write. */
const freshMs = 20;

/** Where the last look at the run is older than this at the write, the guide's tags are compared once more. */
const staleMs = 250;

/** Makes one run's tags agree with what it read. The only writer of consumers' runs; safe to run twice. */
export async function linkRun(
  payload: JobPayloads['link-run'],
  context: JobContext,
  { server, news, now }: LinkRunDependencies,
): Promise<JobOutcome> {
  const { facts, reader, settled } = server(payload.server);
  const run = await reader.read(payload.run);
  if (run === undefined) return { summary: 'the run is gone' };
  const { produced } = payload;
  if (produced !== undefined) {
    return { summary: await markProduced(run, produced, facts), links: pageLinks(run, facts) };
  }
  // How long the read itself took says nothing: a second one would be no fresher.
  let seenAt = now();
  const first = await proposeTags(run, facts);
  if (first.kind === 'leave') {
    if (payload.models !== undefined) await tagModelsOfSettled(first, context, facts, reader);
    if (first.trouble !== undefined) throw first.trouble;
    return { summary: first.reason };
  }
  const fresh = now() - seenAt <= freshMs;
  if (!fresh) seenAt = now();
  const proposal = fresh ? first : await proposeAgain(payload.run, facts, reader);
  if (proposal.kind === 'leave') {
    if (proposal.trouble !== undefined) throw proposal.trouble;
    return { summary: proposal.reason };
  }
  await logDecision(proposal, context);
  const links = pageLinks(run, facts);
  if (!proposal.write)
    return { summary: `observe mode: ${describePlan(proposal.plan)} (not written)`, links };
  // The commits are told before the write, so that a crash right after it leaves no run uncounted; and after it, as a
  // look that began before the write has not seen the run. The two make one look where the first still waits.
  const consumed = newlyConsumed(proposal, facts);
  await news.consumed(consumed);
  // Models first: once the run's tags are as they should be, nobody looks at it again.
  if ((proposal.view.loggedModel || payload.models !== undefined) && tagsModels(proposal, facts))
    await logModels(await tagModels(facts.access.mlflow, proposal.view, proposal.plan), context);
  if (touchesGuideTags(proposal.plan) && now() - seenAt > staleMs)
    assertAsSeen(proposal.view, await reader.read(payload.run));
  const gone = await applyPlan(payload.run, proposal.plan, facts);
  await news.consumed(consumed);
  if (gone) return { summary: 'the run was deleted in the meantime' };
  // Linked it is; what could not be read is tried again by this job, which ends in failed where that stays so.
  if (proposal.trouble !== undefined) throw proposal.trouble;
  settled.add(proposal.view);
  return { summary: describeLinks(proposal.examination.links), links };
}

/** A model that was registered after its run was tagged: only the model lacks anything. */
async function tagModelsOfSettled(
  { settled }: Extract<Proposal, { kind: 'leave' }>,
  context: JobContext,
  facts: ServerFacts,
  reader: RunReader,
): Promise<void> {
  if (settled === undefined || !tagsModels(settled, facts)) return;
  const { view } = settled;
  await logModels(await tagModels(facts.access.mlflow, view, { set: new Map(), remove: [] }), context);
  // A job of the same run may have given it other tags, and its models too, before we wrote those that we saw.
  const after = await reader.read(view.id);
  if (after === undefined) return;
  const { tags } = viewOf(after);
  const same = [linksTagKey, 'lakefs.status', 'lakefs.because'].every(
    (key) => tags.get(key) === view.tags.get(key),
  );
  if (!same) throw new RunChangedError(view.id);
}

/** The guide logs its dataset before its tags, and people write tags by hand: look again just before the write. */
async function proposeAgain(runId: string, facts: ServerFacts, reader: RunReader): Promise<Proposal> {
  const run = await reader.read(runId);
  return run === undefined ? { kind: 'leave', reason: 'the run is gone' } : proposeTags(run, facts);
}

function touchesGuideTags({ set, remove }: TagPlan): boolean {
  return guideTags.some((key) => set.has(key) || remove.includes(key));
}

/** To decide can take minutes (a run with a thousand inputs): what a user wrote in the meantime is not ours to change. */
function assertAsSeen(seen: RunView, run: Run | undefined): void {
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
  const before = readLinksTag(view.tags).links.filter(({ installation }) => ours.includes(installation));
  const key = (link: Link): string => `${link.installation} ${link.repository} ${link.commit} ${link.path}`;
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
  const named = [...examination.links, ...readLinksTag(view.tags).links].map((link) => link.installation);
  return facts.access.installations.tagsModels(named);
}

async function logModels(versions: readonly string[], context: JobContext): Promise<void> {
  if (versions.length > 0) await context.log(`model versions: ${versions.join(', ')}`);
}

/** Answers true where the run was deleted in the meantime: there is nothing left to tag. */
async function applyPlan(runId: string, plan: TagPlan, facts: ServerFacts): Promise<boolean> {
  const { runs } = facts.access.mlflow;
  const { removeFirst, set, removeLast } = tagSteps(plan);
  const remove = (key: string): Promise<void> =>
    runs.deleteTag(runId, key).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  try {
    for (const key of removeFirst) await remove(key);
    for (let start = 0; start < set.length; start += 100) {
      await runs.logBatch(runId, undefined, undefined, set.slice(start, start + 100));
    }
    for (const key of removeLast) await remove(key);
    return false;
  } catch (error) {
    if (isNotFound(error) || isNotActive(error)) return true;
    throw error;
  }
}

async function logDecision({ examination, plan, write }: TagProposal, context: JobContext): Promise<void> {
  const lines = [
    ...examination.links.map(
      (link) =>
        `${link.kind}: ${link.repository}@${link.commit.slice(0, 12)} ${link.path} (${link.where} ${link.name})`,
    ),
    ...examination.judged.flatMap(({ reference, verdict }) =>
      verdict.kind === 'none' ? [`not linked: ${reference.text}: ${verdict.reason}`] : [],
    ),
    `${write ? 'tags' : 'would tag'}: ${describePlan(plan)}`,
  ];
  await context.log(lines.join('\n'));
}

function describeLinks(links: readonly Link[]): string {
  if (links.length === 0) return 'no longer linked to any commit';
  const commits = [
    ...new Set(links.map((link) => `${link.repository}@${link.commit.slice(0, 12)} (${link.kind})`)),
  ];
  const shown = commits.slice(0, 3).join(', ');
  return `read ${shown}${commits.length > 3 ? ` and ${commits.length - 3} more` : ''}`;
}

function pageLinks(run: Run, facts: ServerFacts): Record<string, string> {
  const { publicUrl } = facts.access.installations.all[0]?.settings.mlflow ?? {
    publicUrl: facts.access.mlflow.trackingUri,
  };
  return { mlflow: mlflowRunPage(publicUrl, run.info.experiment_id, run.info.run_id) };
}

/** Somebody wrote to a run while we decided about it: it is decided anew, which spends no attempt. */
class RunChangedError extends Error {
  override readonly name = 'RunChangedError';
  readonly failure: Failure = { kind: 'unavailable', retryAfterMs: 1_000 };

  constructor(run: string) {
    super(`run ${run} was changed in the meantime, so nothing was written`);
  }
}
