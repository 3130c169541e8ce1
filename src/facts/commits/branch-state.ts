import {
  type Because,
  isReverted,
  type LaterStatus,
  type LinkState,
  statusAt,
} from '../../domain/status/link-state.js';
import type { LakefsClient } from '../../lakefs/types.js';
import { createCache, immutableMs } from '../common/cache.js';
import { createTableRewrites } from '../links/table-rewrites.js';
import { bisect } from './bisect.js';
import type { CommitDifference } from './commit-difference.js';
import type { CommitGraph } from './commit-graph.js';
import {
  introducedByAncestry,
  introducedByContent,
  isEqualAt,
  type JudgedData,
  maxSteps,
} from './introduced-by.js';

export interface JudgingBranch {
  readonly name: string;
  readonly head: string;
}

/** Data and, where it is known, the last commit that changed it: for a link without a path the commit itself. */
export interface DatedData extends JudgedData {
  readonly lastChange: string | undefined;
  /** True where the paths are read as they are named: what a pattern names are files, also those of a table. */
  readonly byTable: boolean;
}

/** By `ancestry` the branch has to contain the commit; by `content` its bytes are enough. */
export type Presence = 'ancestry' | 'content';

/** Judges a commit's data on one branch. Answers are kept by commit, path and head, which never change. */
export interface BranchState {
  /** Undefined where the data never came to the branch. */
  of(data: DatedData, branch: JudgingBranch, presence: Presence): Promise<LinkState | undefined>;
  /** True where the data came to the branch, whatever became of it later. */
  holds(data: JudgedData, branch: JudgingBranch, presence: Presence): Promise<boolean>;
}

export function createBranchState(lakefs: LakefsClient, graph: CommitGraph, now: () => number): BranchState {
  const { difference } = graph;
  const rewrites = createTableRewrites(lakefs, difference, now);
  const states = createCache<LinkState | undefined>({ size: 50_000, ttlMs: () => immutableMs, now });
  const held = createCache<boolean>({ size: 50_000, ttlMs: () => immutableMs, now });
  const changes = createCache<CommitStep | undefined>({ size: 20_000, ttlMs: () => immutableMs, now });

  /** The step of the last commit, at or before the data's own, that changed the paths. */
  const lastStep = (data: DatedData): Promise<CommitStep | undefined> =>
    changes.get(keyOf(data), async () => {
      const { repository, commit, lastChange } = data;
      const line = graph.line(repository, commit.id);
      const unchanged =
        lastChange === undefined
          ? await bisect(maxSteps, async (index) => {
              const older = await line.at(index);
              return older !== undefined && isEqualAt(data, older, difference);
            })
          : { count: 1, exact: true };
      const last = unchanged.exact ? await line.at(unchanged.count - 1) : undefined;
      const before = last?.parents[0];
      return last === undefined || before === undefined ? undefined : { before, after: last.id };
    });

  async function decide(
    data: DatedData,
    branch: JudgingBranch,
    presence: Presence,
  ): Promise<LinkState | undefined> {
    const { repository, commit, paths } = data;
    const contained = await graph.contains(repository, branch.head, commit.id);
    if (!contained && presence === 'ancestry') return undefined;
    if (await isEqualAt(data, { id: branch.head }, difference)) return currentState(branch, contained);
    const introduced = contained
      ? await introducedByAncestry(data, branch.head, graph)
      : await introducedByContent(data, branch.head, graph);
    if (introduced === undefined) return undefined;
    // Only what the last change itself did can be reverted: a branch that reverts a merge restores what was there before
    // all of the merged commits, which is another thing for the data of those behind the first.
    const step = await lastStep(data);
    const rewrittenBy = async (later: string): Promise<readonly string[] | undefined> =>
      data.byTable ? rewrites.between(repository, commit.id, later, paths) : undefined;
    const changedStatus = async (later: string): Promise<LaterStatus> => {
      const reverted =
        step !== undefined && (await isStepReverted(difference, { repository, paths, step, later }));
      return statusAt({ differs: true, reverted });
    };
    const statusOf = async (later: string): Promise<LaterStatus> => {
      if (await isEqualAt(data, { id: later }, difference)) return 'current';
      return (await rewrittenBy(later)) === undefined ? changedStatus(later) : 'current';
    };
    const rewritten = await rewrittenBy(branch.head);
    if (rewritten !== undefined) return rewrittenState(branch, rewritten);
    const status = await changedStatus(branch.head);
    const line = graph.line(repository, branch.head);
    const held = await bisect(maxSteps, async (index) => {
      const later = index < introduced ? await line.at(index) : undefined;
      return later !== undefined && (await statusOf(later.id)) === status;
    });
    const oldest = held.exact ? await line.at(held.count - 1) : undefined;
    return laterState(status, branch, oldest && { repository, branch: branch.name, commit: oldest.id });
  }

  return {
    of: (data, branch, presence) =>
      states.get(`${keyOf(data)} ${presence} ${branch.name} ${branch.head}`, () =>
        decide(data, branch, presence),
      ),
    holds: (data, branch, presence) =>
      held.get(`${keyOf(data)} ${presence} ${branch.head}`, async () => {
        if (await graph.contains(data.repository, branch.head, data.commit.id)) return true;
        if (presence === 'ancestry') return false;
        if (await isEqualAt(data, { id: branch.head }, difference)) return true;
        return (await introducedByContent(data, branch.head, graph)) !== undefined;
      }),
  };
}

function keyOf({ repository, commit, paths, ...rest }: JudgedData & Partial<DatedData>): string {
  return JSON.stringify([repository, commit.id, paths, rest.lastChange ?? null, rest.byTable ?? null]);
}

function currentState({ name }: JudgingBranch, contained: boolean): LinkState {
  return {
    status: 'current',
    reason: contained
      ? `nothing in it has changed on ${name}`
      : `${name} has the same bytes, although not this commit`,
  };
}

function rewrittenState({ name }: JudgingBranch, words: readonly string[]): LinkState {
  return {
    status: 'current',
    rewritten: true,
    reason: `rewritten on ${name} (${words.join(', ')}): its files changed, but the table's own log says that no row did`,
  };
}

function laterState(status: LaterStatus, branch: JudgingBranch, because: Because | undefined): LinkState {
  const at = because === undefined ? '' : ` by ${because.commit.slice(0, 12)}`;
  const what =
    status === 'reverted' ? `it was reverted on ${branch.name}` : `it was changed on ${branch.name}`;
  return { status, reason: `${what}${at}`, ...(because === undefined ? {} : { because }) };
}

/** What one commit did: the step from `before` to `after`. */
interface CommitStep {
  readonly before: string;
  readonly after: string;
}

/** So many objects are asked about one by one, where a difference is too long to read. */
const maxSingle = 20;

/**
 * True where at the commit `later` every object under the paths that the step changed is as it was before it. Costs
 * one request where the first of these objects tells that it is not, else the reading of one difference. Where the
 * step changed more than 1,000 objects, all that is under the paths has to be as before.
 */
async function isStepReverted(
  difference: CommitDifference,
  {
    repository,
    paths,
    step,
    later,
  }: {
    readonly repository: string;
    readonly paths: readonly string[];
    readonly step: CommitStep;
    readonly later: string;
  },
): Promise<boolean> {
  const changed = await difference.objects(repository, step.before, step.after, paths);
  if (changed === undefined) return !(await difference.differs(repository, step.before, later, paths));
  const [first] = changed.keys();
  if (first === undefined) return false;
  if (await difference.differs(repository, step.before, later, [first])) return false;
  if (changed.size === 1) return true;
  const unlikeBefore = await difference.objects(repository, step.before, later, paths);
  if (unlikeBefore !== undefined) return isReverted(changed.keys(), new Set(unlikeBefore.keys()));
  if (changed.size > maxSingle) return false;
  return !(await difference.differs(repository, step.before, later, [...changed.keys()]));
}
