import { type LinkStatus, linkStatuses } from '../../contract/words.js';
import { isUnder, literalPart } from '../paths/path.js';

/** The commit that made a state, as `lakefs.because` names it. */
export interface Because {
  readonly repository: string;
  readonly branch: string;
  readonly commit: string;
}

/** Whether the data that a link names is still good, and why. */
export interface LinkState {
  /** `unknown` where the repository or the commit is gone, or too much would have to be read: a status stays as it is. */
  readonly status: LinkStatus | 'unknown';
  /**
   * The oldest commit from which on it has been so, where it is superseded or reverted. Undefined also where that lies
   * too far back to be found.
   */
  readonly because?: Because;
  /**
   * True where the data is current in other files: the table's own log says that no row changed (OPTIMIZE, VACUUM).
   */
  readonly rewritten?: boolean;
  /** In words, for people. */
  readonly reason: string;
}

/** A commit's data at a later commit of the branch that judges. */
export interface LaterData {
  /** True where an object under the path differs. */
  readonly differs: boolean;
  /** True where what the commit had done to the path is reverted. */
  readonly reverted: boolean;
}

export type LaterStatus = 'current' | 'reverted' | 'superseded';

/** What became of a commit's data at a later commit, by content alone: what a message says counts for nothing. */
export function statusAt({ differs, reverted }: LaterData): LaterStatus {
  if (!differs) return 'current';
  return reverted ? 'reverted' : 'superseded';
}

/**
 * True where every object that a commit changed is again as it was before it.
 *
 * @param changed the objects that the commit changed
 * @param unlikeBefore the objects that differ now from what they were at its first parent
 */
export function isReverted(changed: Iterable<string>, unlikeBefore: ReadonlySet<string>): boolean {
  let any = false;
  for (const path of changed) {
    if (unlikeBefore.has(path)) return false;
    any = true;
  }
  return any;
}

/**
 * Best first: of several branches that contain a commit the best counts. Someone else's experiment does not matter.
 * Only what is current is better than what is unknown, which might be current, too.
 */
const bestFirst: Readonly<Record<LinkState['status'], number>> = {
  current: 0,
  unknown: 1,
  superseded: 2,
  reverted: 3,
  orphaned: 4,
};

/** The best of the states; undefined where there is none. */
export function bestState(states: readonly LinkState[]): LinkState | undefined {
  return [...states].sort((a, b) => bestFirst[a.status] - bestFirst[b.status])[0];
}

/**
 * What stands for several paths together: the worst of their states, or `unknown` where one that is not known might be
 * worse. Several may be equally bad: the answer holds them all.
 */
export function worstStates(states: readonly LinkState[]): readonly LinkState[] {
  const [worst, ...others] = linkStatuses;
  const order = [worst, 'unknown', ...others];
  const status = order.find((one) => states.some((state) => state.status === one));
  return states.filter((state) => state.status === status);
}

/** `<repository>/<branch>@<commit12>`: what `lakefs.because` holds. */
export function becauseText({ repository, branch, commit }: Because): string {
  return `${repository}/${branch}@${commit.slice(0, 12)}`;
}

/**
 * True where an object belongs to a path: it is the object, or is in the directory. The root is everything but
 * lakeFS's own action files.
 */
export function isPartOf(object: string, path: string): boolean {
  if (path === '') return !isUnder(object, '_lakefs_actions/');
  return isUnder(object, path);
}

/**
 * True where a change to one of `changed` may have touched the path: objects, and directories with their slash, of
 * which '' is the root. The path `/` is the root as well: a tag cannot be empty.
 */
export function isTouched(path: string, changed: Iterable<string>): boolean {
  const under = path === '/' ? '' : literalPart(path);
  for (const entry of changed) {
    if (entry === '' || isPartOf(entry, under)) return true;
    if (entry.endsWith('/') && isUnder(under, entry)) return true;
  }
  return false;
}
