import { setTimeout as sleep } from 'node:timers/promises';
import type { InputView, RunView } from '../../contract/run.js';
import { catalogKind, guideTag, ourTag, whereTag } from '../../contract/tags.js';
import { catalogName } from '../../domain/catalog/experiment.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { proposeTags } from '../../facts/links/propose.js';
import { createServerFacts } from '../../facts/links/server.js';
import { searchRuns } from '../../facts/runs/run-pages.js';
import { viewOf } from '../../facts/runs/run-view.js';
import type { DemoCommit } from './commits.js';
import { type DemoRun, experimentName } from './train.js';

/** What MLflow shows of the demo's commits and runs. */
export interface Outcome {
  /** Ids of the experiments; undefined until they exist. */
  readonly catalogId: string | undefined;
  readonly experimentId: string | undefined;
  readonly commits: readonly SeenCommit[];
  readonly runs: readonly SeenRun[];
  /** What is still missing, in words. */
  readonly missing: readonly string[];
}

export interface SeenCommit extends DemoCommit {
  readonly registered: boolean;
  /** Names of its candidates without the repository: `gold/train_v2`. */
  readonly candidates: readonly string[];
}

export interface SeenRun extends DemoRun {
  /** Undefined if the service has not linked the run. */
  readonly evidence: string | undefined;
}

interface Expected {
  readonly repository: string;
  readonly commits: readonly DemoCommit[];
  readonly runs: readonly DemoRun[];
}

/** Waits until MLflow shows every commit and every link, at most `limitMs`. */
export async function waitForOutcome(
  { mlflow }: ServerAccess,
  expected: Expected,
  limitMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const end = Date.now() + limitMs;
  for (;;) {
    const outcome = await readOutcome(mlflow, expected);
    if (outcome.missing.length === 0 || Date.now() > end) return outcome;
    await sleep(250, undefined, { signal });
  }
}

/** Why the service does not link a run, in its own words. */
export async function reasonForLeaving(access: ServerAccess, id: string): Promise<string> {
  const proposal = await proposeTags(
    await access.mlflow.runs.getRun(id),
    createServerFacts(access, Date.now),
  );
  return proposal.kind === 'leave' ? proposal.reason : 'it has not been checked yet';
}

async function readOutcome(
  mlflow: ServerAccess['mlflow'],
  { repository, commits, runs }: Expected,
): Promise<Outcome> {
  const catalogId = await experimentId(
    mlflow,
    catalogName({ installation: 'default', catalog: 'lakefs', repository }),
  );
  const entries =
    catalogId === undefined
      ? []
      : await searchRuns(mlflow, [catalogId], whereTag(ourTag.kind, catalogKind.commit), 'ACTIVE_ONLY');
  const seenCommits = commits.map((commit) => seenCommit(repository, commit, entries));
  const seenRuns = await Promise.all(
    runs.map(async (run) => ({
      ...run,
      evidence: evidenceOf(run, viewOf(await mlflow.runs.getRun(run.id))),
    })),
  );
  return {
    catalogId,
    experimentId: await experimentId(mlflow, experimentName),
    commits: seenCommits,
    runs: seenRuns,
    missing: [...seenCommits.flatMap(missingOf), ...seenRuns.flatMap(missingLink)],
  };
}

async function experimentId(mlflow: ServerAccess['mlflow'], name: string): Promise<string | undefined> {
  const page = await mlflow.experiments.searchExperiment(`name = '${name}'`, 1);
  return page.experiments?.[0]?.experiment_id;
}

function seenCommit(repository: string, commit: DemoCommit, entries: readonly RunView[]): SeenCommit {
  const entry = entries.find(({ tags }) => tags.get(guideTag.commit) === commit.id);
  const names = (entry?.inputs ?? [])
    .filter(isCandidate)
    .map(({ name }) => name.slice(repository.length + 1));
  return { ...commit, registered: entry?.terminal === true, candidates: names.sort() };
}

function isCandidate({ context }: InputView): boolean {
  return context === 'candidate';
}

/** A link to a commit other than the one that the run read does not count. */
function evidenceOf({ commit }: DemoRun, { tags }: RunView): string | undefined {
  return commit === undefined || tags.get(guideTag.commit) === commit ? tags.get(ourTag.evidence) : undefined;
}

function missingOf({ id, message, registered, candidates, paths }: SeenCommit): readonly string[] {
  const name = `commit ${id.slice(0, 12)} ("${message}")`;
  if (!registered) return [`${name} is not registered`];
  const absent = paths.filter((path) => !candidates.includes(path.slice(0, -1)));
  return absent.map((path) => `${name} has no candidate ${path}`);
}

function missingLink({ name, id, commit, evidence }: SeenRun): readonly string[] {
  if (commit === undefined) {
    return evidence === undefined ? [] : [`run ${name} (${id}) is linked although it names no data`];
  }
  return evidence === undefined ? [`run ${name} (${id}) is not linked to ${commit.slice(0, 12)}`] : [];
}
