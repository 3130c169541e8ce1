import { matches } from '../common/globs.js';
import { isAtOrUnder, isPattern, literalPart, withoutEndSlashes } from '../paths/path.js';

/** An object that a change changed, or a whole prefix where there were too many to read. */
export interface ChangedPath {
  readonly type: 'added' | 'changed' | 'removed' | 'prefix';
  readonly path: string;
}

/** Where a commit stands to a change. */
export type Standing =
  /** It is the commit that was asked about, or one of the branch's own. */
  | 'itself'
  /** It has the change in its history. */
  | 'after'
  /** It is in the history of what the change began from. */
  | 'before'
  | 'aside';

/** What differs between two commits under the changed paths, as far as it was read. */
export interface Differences {
  readonly paths: ReadonlySet<string>;
  /** Set where reading stopped: what sorts after this path is not known. */
  readonly cutAfter: string | undefined;
}

export type ReachKind =
  /** The run read the commit itself. */
  | 'itself'
  /** The commit that was read has the change in its history, and holds what it wrote. */
  | 'downstream'
  /** It has not, and holds the same bytes: a squash merge, a cherry-pick, or where a merge came from. */
  | 'same-bytes'
  /** It has, but other bytes were written there since: whether they hold the change cannot be seen. */
  | 'rewritten'
  /** It has, but everything is as before the change. */
  | 'undone'
  /** Nothing of the change is in what was read. */
  | 'none'
  /** Too much differs to tell. */
  | 'unknown';

export interface Reach {
  readonly kind: ReachKind;
  /** Changed objects that are, in what was read, as the change left them; of all of them that are under the path. */
  readonly holds: number;
  readonly of: number;
}

export interface ReachFacts {
  readonly standing: Standing;
  readonly changed: readonly ChangedPath[];
  /** The path that was read, which may be a pattern; empty where none is named. */
  readonly path: string;
  /** Between what the change left and the commit that was read. */
  readonly sinceTip: Differences;
  /** Between what the change began from and the commit that was read; needed only where nothing is held. */
  readonly sinceBase: Differences | undefined;
}

/**
 * Whether a change is in what a run read. Judged by content: messages and names say nothing. Where it is only in objects
 * that a pattern may name, that is not known.
 */
export function reachOf(facts: ReachFacts): Reach {
  const tell = fitOf(facts.path);
  const fits = facts.changed.map((one) => ({
    one,
    fit: one.type === 'prefix' ? fitOfPrefix(one.path, facts.path) : tell(one.path),
  }));
  const sure = fits.flatMap((found) => (found.fit === 'yes' ? [found.one] : []));
  const known = reachIn(sure, facts);
  if (sure.length > 0 && known.kind !== 'none') return known;
  const perhaps = reachIn(
    fits.flatMap((found) => (found.fit === 'maybe' ? [found.one] : [])),
    facts,
  );
  return perhaps.kind === 'none' || perhaps.kind === 'undone' ? known : { ...perhaps, kind: 'unknown' };
}

/** Of a whole prefix it is not known which objects changed. */
function fitOfPrefix(prefix: string, path: string): Fit {
  const under = withoutEndSlashes(literalPart(path));
  if (!isAtOrUnder(prefix, under) && !isAtOrUnder(under, prefix)) return 'no';
  return under === withoutEndSlashes(path) ? 'yes' : 'maybe';
}

function reachIn(under: readonly ChangedPath[], { standing, sinceTip, sinceBase }: ReachFacts): Reach {
  const none: Reach = { kind: 'none', holds: 0, of: under.length };
  if (under.length === 0 || standing === 'before') return none;
  if (standing === 'itself') return { kind: 'itself', holds: under.length, of: under.length };
  // What was removed is not there either on a branch that never had it, which says nothing of this change.
  const telling = standing === 'aside' ? under.filter(({ type }) => type !== 'removed') : under;
  const holds = telling.filter((one) => isSame(one, sinceTip) === true).length;
  if (holds > 0) return { kind: standing === 'after' ? 'downstream' : 'same-bytes', holds, of: under.length };
  if (telling.some((one) => isSame(one, sinceTip) === undefined)) return { ...none, kind: 'unknown' };
  if (standing === 'aside') return none;
  if (sinceBase === undefined) return { ...none, kind: 'rewritten' };
  const back = under.map((one) => isSame(one, sinceBase));
  if (back.every((same) => same === true)) return { ...none, kind: 'undone' };
  return { ...none, kind: back.includes(undefined) && !back.includes(false) ? 'unknown' : 'rewritten' };
}

/** Undefined where it is beyond what was read. */
function isSame({ type, path }: ChangedPath, { paths, cutAfter }: Differences): boolean | undefined {
  const differs = type === 'prefix' ? [...paths].some((other) => other.startsWith(path)) : paths.has(path);
  if (differs) return false;
  if (cutAfter === undefined) return true;
  // A prefix is read to its end only where what was read went past it.
  const passed = isBefore(path, cutAfter) && !(type === 'prefix' && cutAfter.startsWith(path));
  return passed ? true : undefined;
}

/** lakeFS sorts by bytes of UTF-8, which is the order of code points, not that of JavaScript's text. */
function isBefore(a: string, b: string): boolean {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at < 0) return left.length < right.length;
  return at < right.length && (left[at]?.codePointAt(0) ?? 0) < (right[at]?.codePointAt(0) ?? 0);
}

/** What the order of an answer goes by. */
export interface Weighed {
  /** Aliases of its model versions together. */
  readonly aliases: number;
  readonly versions: number;
  readonly certain: boolean;
  readonly reach: ReachKind;
  readonly deleted: boolean;
  /** Unix ms. */
  readonly startTime: number;
}

/** Nearest first. */
export const reachOrder: readonly ReachKind[] = [
  'itself',
  'downstream',
  'same-bytes',
  'rewritten',
  'unknown',
  'undone',
  'none',
];

/** What matters first: models under an alias, other model versions, runs; within these what is certain, near and new. */
export function byWeight(a: Weighed, b: Weighed): number {
  return (
    Number(b.aliases > 0) - Number(a.aliases > 0) ||
    Number(b.versions > 0) - Number(a.versions > 0) ||
    Number(a.deleted) - Number(b.deleted) ||
    Number(b.certain) - Number(a.certain) ||
    reachOrder.indexOf(a.reach) - reachOrder.indexOf(b.reach) ||
    b.startTime - a.startTime
  );
}

/** UTF-16 units; lakeFS takes paths of 1,024 bytes. */
const maxPattern = 2_000;

/** Whether an object is among what a path names that may be a pattern (`*.parquet`, `**`, `{a,b}`). */
export type Fit = 'yes' | 'maybe' | 'no';

/**
 * Tells of objects whether a path names them. Spark, DuckDB, fsspec and Hugging Face read patterns in different ways
 * (whether `*` goes beyond a slash, what lies in a directory that matches), so of some it can only be said that they may be
 * among them: never that one is which no program would read.
 */
function fitOf(path: string): (object: string) => Fit {
  if (!isPattern(path) || path.length > maxPattern)
    return (object) => (isAtOrUnder(object, path) || isAtOrUnder(path, object) ? 'yes' : 'no');
  const pattern = path.replace(/\/$/, '').replace(/[{[][^{}[\]]*[}\]]/g, '*');
  // Where a bracket is in another one, or has no end, all behind it may be meant.
  const open = pattern.search(/[[{]/);
  const widest = open < 0 ? pattern : `${pattern.slice(0, open)}*`;
  // Two stars may stand for no directory at all.
  const patterns = [widest, widest.replaceAll('**/', '')].flatMap((one) => [one, `${one}/*`]);
  const plain = widest === path;
  const depth = path.split('/').length;
  return (object) => {
    if (!matches(patterns, object)) return 'no';
    return plain && (path.includes('**') || object.split('/').length === depth) ? 'yes' : 'maybe';
  };
}
