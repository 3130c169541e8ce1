import { type Flag, flags } from '../../contract/flags.js';
import type { RunView } from '../../contract/run.js';
import { type Head, headsDuring, isBefore, readingBack } from '../../domain/links/branch-heads.js';
import type { Reading } from '../../domain/links/readings.js';
import { type Clock, type RunWindow, windowOf } from '../../domain/links/run-window.js';
import type { RefName } from '../../domain/references/lakefs-names.js';
import type { LakefsFacts } from '../commits/lakefs-facts.js';

/** A place that a run names by a branch. */
export interface BranchPlace {
  readonly repository: string;
  readonly name: RefName;
  /** Without the signs of a pattern. */
  readonly path: string;
}

/** More heads than this in a window are not read one by one. */
const maxHeads = 100;

/** So many staged objects are asked when they were written. */
const maxStaged = 20;

/**
 * Which commit a run read that names a branch: its head around the run's start, never certain. It is ambiguous where
 * the bytes under the path changed on the branch while the run may have read, or where uncommitted objects were or may
 * have been under it.
 *
 * Costs, for what is not remembered: one request for the head and one per 1,000 commits back to the run's start; one for
 * each head in the run's window (at most 100), which then serves every path and every run; one or two for the path, and
 * as many for the first commit after the run; where there is none yet, or the run has not ended, one for what is staged
 * and one for each staged object under the path (at most 20).
 *
 * @throws what the lakeFS client throws where the answer is not known
 */
export async function readBranch(
  run: RunView,
  place: BranchPlace,
  facts: LakefsFacts,
  clock: Clock,
): Promise<Reading> {
  const { repository, name, path } = place;
  const { graph, refs } = facts;
  const when = windowOf(run, clock);
  const window = when.kind === 'window' ? when.window : pointInTime(when.atMs);
  const head = await refs.branch(repository, name.base, window.toMs);
  if (head === undefined) return none(`branch "${name.base}" of "${repository}" is gone`);
  const log = await graph.line(repository, head).readWhile(readingBack(window.fromMs));
  const during = headsDuring(log, window);
  if (during.kind === 'none') {
    return none(`branch "${name.base}" of "${repository}" has no commit as old as the run`);
  }
  const { next } = during;
  const heads = await withData(during, window.startMs - clock.marginMs, place, facts);
  const atStart = await follow(during.atStart, place, facts);
  if (atStart === undefined) return none(`"${name.base}" leads past the first commit of "${repository}"`);
  const [oldest = during.atStart] = heads;
  const newest = heads.at(-1) ?? oldest;

  const ambiguous = async (flag: Flag, further: readonly (Head | undefined)[]): Promise<Reading> => {
    const holder = await firstHolding([during.atStart, ...further], place, facts);
    const commit = holder ?? ((await isStaged(place, facts, window)) ? atStart : undefined);
    return commit === undefined ? nothingThere(place) : { kind: 'ambiguous', commit, flags: [flag] };
  };
  if (when.kind === 'unknown') return ambiguous(when.flag, [log[0]]);
  const unsure = doubt(name, during.doubtful, heads.length);
  if (unsure !== undefined) return ambiguous(unsure, [oldest, newest, next, log[0]]);

  const changed = await firstChange(heads, place, facts);
  if (changed !== undefined) return ambiguous(flags.pathChanged, changed);
  const base = (await follow(oldest, place, facts)) ?? atStart;
  const written = await refs.written(repository, base, path);
  const uncommitted = await wasStaged(run, place, { window, oldest, next }, facts);
  if (uncommitted) return { kind: 'ambiguous', commit: atStart, flags: [flags.uncommitted] };
  if (!written.any) return nothingThere(place);
  // Written later than the commit says that it was made: a date that a caller has set.
  const madeBy = heads.length < during.heads.length ? (oldest.seconds + 1) * 1_000 : window.fromMs;
  if (!isBefore(written.newest, madeBy)) {
    return { kind: 'ambiguous', commit: atStart, flags: [flags.doubtfulDates] };
  }
  return { kind: 'inferred', commit: atStart, flags: [] };
}

/**
 * The heads from that on which brought the data, where it came before `startMs` (Unix ms): nobody can have read it
 * earlier. All heads where it was there before them, or came later.
 */
async function withData(
  { heads, atStart }: { readonly heads: readonly Head[]; readonly atStart: Head },
  startMs: number,
  { repository, name, path }: BranchPlace,
  { refs }: LakefsFacts,
): Promise<readonly Head[]> {
  const [oldest, ...later] = heads.slice(0, heads.indexOf(atStart) + 1);
  const came = later.filter(({ seconds }) => isBefore(seconds, startMs));
  if (oldest === undefined || came.length === 0 || heads.length > maxHeads || name.steps.length > 0)
    return heads;
  if ((await refs.written(repository, oldest.id, path)).any) return heads;
  for (const head of came) {
    if ((await refs.changedBy(repository, head, path)).any) return heads.slice(heads.indexOf(head));
  }
  return heads;
}

function pointInTime(atMs: number): RunWindow {
  return { fromMs: atMs, startMs: atMs, toMs: atMs };
}

/** Why a branch says nothing sure, whatever is under the path. */
function doubt({ suffix }: RefName, doubtful: boolean, heads: number): Flag | undefined {
  if (suffix === '$') return flags.uncommitted;
  if (doubtful) return flags.doubtfulDates;
  return heads > maxHeads ? flags.tooManyCommits : undefined;
}

/** Where the steps of a ref lead (`main~2`); undefined where there is no such parent. */
function follow(
  { id }: Head,
  { repository, name }: BranchPlace,
  { graph }: LakefsFacts,
): Promise<string | undefined> {
  return graph.ancestor(repository, id, name.steps);
}

/** The first head of the window at which other bytes are under the path than at the one before, with that one. */
async function firstChange(
  heads: readonly Head[],
  place: BranchPlace,
  facts: LakefsFacts,
): Promise<readonly Head[] | undefined> {
  const { repository, name, path } = place;
  for (const [index, head] of heads.entries()) {
    const before = heads[index - 1];
    if (before === undefined) continue;
    if (name.steps.length === 0) {
      if ((await facts.refs.changedBy(repository, head, path)).any) return [before, head];
      continue;
    }
    const [left, right] = await Promise.all([follow(before, place, facts), follow(head, place, facts)]);
    const same = left !== undefined && right !== undefined;
    if (!same || !(await facts.equalUnder(repository, left, right, path))) return [before, head];
  }
  return undefined;
}

/** The id of the first commit that holds anything at the path. */
async function firstHolding(
  heads: readonly (Head | undefined)[],
  place: BranchPlace,
  facts: LakefsFacts,
): Promise<string | undefined> {
  for (const head of new Set(heads)) {
    const at = head === undefined ? undefined : await follow(head, place, facts);
    if (at === undefined) continue;
    if ((await facts.refs.written(place.repository, at, place.path)).any) return at;
  }
  return undefined;
}

interface Around {
  readonly window: RunWindow;
  readonly oldest: Head;
  readonly next: Head | undefined;
}

/**
 * Whether objects that were not committed were, or may have been, under the path while the run ran. What is staged now
 * says it of a run that has not ended. Otherwise the times at which the objects were written that the next plain commit
 * brought: it took along all that was staged. Known limits: of an object that was staged twice the second time shows,
 * and of one that was removed or reset before the commit nothing.
 */
async function wasStaged(
  run: RunView,
  place: BranchPlace,
  { window, oldest, next }: Around,
  { refs }: LakefsFacts,
): Promise<boolean> {
  const { repository, name, path } = place;
  if (!readsStaged(name)) return false;
  const inTime = (seconds: number): boolean => seconds >= oldest.seconds && seconds * 1_000 <= window.toMs;
  if (next !== undefined) {
    return next.plain && (await refs.broughtAt(repository, next, path)).some(inTime);
  }
  const staged = await refs.staged(repository, name.base, path, window.toMs);
  if (!run.terminal) return staged.any;
  if (staged.brought.length > maxStaged) return true;
  const times = await Promise.all(
    staged.brought.map((object) => refs.stagedAt(repository, name.base, object)),
  );
  return times.some((seconds) => seconds !== undefined && inTime(seconds));
}

async function isStaged(place: BranchPlace, { refs }: LakefsFacts, { toMs }: RunWindow): Promise<boolean> {
  const { repository, name, path } = place;
  if (!readsStaged(name)) return false;
  return (await refs.staged(repository, name.base, path, toMs)).brought.length > 0;
}

/** `main@` and `main~1` are committed. */
function readsStaged({ steps, suffix }: RefName): boolean {
  return steps.length === 0 && suffix !== '@';
}

function nothingThere({ repository, name, path }: BranchPlace): Reading {
  return none(
    `branch "${name.base}" of "${repository}" holds nothing at "${path}" around the run: it may be a plain bucket of that name`,
  );
}

function none(reason: string): Reading {
  return { kind: 'none', reason };
}
