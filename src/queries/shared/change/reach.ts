import { isHousekeeping } from '../../../domain/status/housekeeping.js';
import {
  type ChangedPath,
  type Differences,
  type Reach,
  reachOf,
  type Standing,
} from '../../../domain/status/reach.js';
import { maxChanges } from '../../../facts/datasets/commit-changes.js';
import { isNotFound } from '../../../lakefs/errors.js';
import type { LakefsClient } from '../../../lakefs/types.js';
import type { Change } from './types.js';

/** Tells whether a change is in what lies under a path of a commit. */
export interface Reaching {
  /** `path`: what was read; empty for all of it. Throws what the lakeFS client throws. */
  of(commit: string, path: string): Promise<Reach>;
}

/**
 * Judges by content, commit by commit: costs, for each commit, at most two merge bases and a difference per dataset
 * path of the change; another one where nothing of it is left. Never depends on the length of the history.
 */
export function createReaching(change: Change, lakefs: LakefsClient): Reaching {
  const { repository, base, tip } = change;
  const standings = new Map<string, Promise<Judged>>();
  const differences = new Map<string, Promise<Differences>>();
  const differ = (left: string, right: string): Promise<Differences> =>
    remember(differences, `${left} ${right}`, () => readDifferences(left, right, change, lakefs));

  async function judge(commit: string): Promise<Judged> {
    if (change.own.has(commit)) return { standing: 'itself', tip: commit };
    if (change.kind === 'path') return { standing: 'aside', tip };
    const common = await mergeBase(lakefs, repository, commit, tip);
    // Every branch has some of the default one in its history: only what that one holds counts.
    if (change.kind === 'default') return { standing: common === commit ? 'itself' : 'aside', tip };
    if (common !== undefined && change.own.has(common)) return { standing: 'after', tip: common };
    if (base === undefined) return { standing: 'aside', tip };
    // What the change came from by another parent than the first is in its history too, but not before it.
    const older = await mergeBase(lakefs, repository, commit, base);
    return { standing: older === commit ? 'before' : 'aside', tip };
  }

  /** A branch's own commit, or one that came from it, holds the change as far as it had come by then. */
  async function changedAt(at: string): Promise<readonly ChangedPath[]> {
    if (at === tip || base === undefined) return change.changed;
    const { paths } = await differ(base, at);
    return [...paths].map(
      (path) => change.changed.find((one) => one.path === path) ?? { type: 'changed', path },
    );
  }

  async function compare(commit: string, path: string): Promise<Reach> {
    const judged = await remember(standings, commit, () => judge(commit));
    const { standing } = judged;
    if (change.kind === 'default') {
      return { kind: standing === 'itself' ? 'itself' : 'none', holds: 0, of: 0 };
    }
    const changed = await changedAt(judged.tip);
    const sinceTip = judged.tip === commit ? same : await differ(judged.tip, commit);
    const facts = { standing, changed, path, sinceTip };
    const first = reachOf({ ...facts, sinceBase: undefined });
    if (first.kind !== 'rewritten' || base === undefined) return first;
    return reachOf({ ...facts, sinceBase: await differ(base, commit) });
  }

  return {
    of: async (commit, path) => {
      try {
        return await compare(commit, path);
      } catch (error) {
        // A run may name a commit that lakeFS no longer has, or hides for a while.
        if (isNotFound(error)) return { kind: 'unknown', holds: 0, of: 0 };
        throw error;
      }
    },
  };
}

interface Judged {
  readonly standing: Standing;
  /** The newest commit of the change that this one has in its history, else the change's last. */
  readonly tip: string;
}

const same: Differences = { paths: new Set(), cutAfter: undefined };

/** What differs under the change's paths, which are sorted: what comes after the last one read is not known. */
async function readDifferences(
  left: string,
  right: string,
  { repository, prefixes }: Change,
  lakefs: LakefsClient,
): Promise<Differences> {
  const paths = new Set<string>();
  for (const prefix of prefixes) {
    for await (const { path } of lakefs.diff(repository, left, right, { type: 'two_dot', prefix })) {
      if (!isHousekeeping(path)) paths.add(path);
      if (paths.size === maxChanges) return { paths, cutAfter: path };
    }
  }
  return { paths, cutAfter: undefined };
}

/** Undefined where lakeFS no longer has one of the two. */
async function mergeBase(
  lakefs: LakefsClient,
  repository: string,
  left: string,
  right: string,
): Promise<string | undefined> {
  try {
    return await lakefs.mergeBase(repository, left, right);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function remember<T>(known: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const there = known.get(key);
  if (there !== undefined) return there;
  const loading = load();
  known.set(key, loading);
  return loading;
}
