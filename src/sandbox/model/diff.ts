import type { Entry } from './entry.js';
import { sameContent } from './entry.js';
import type { Tree } from './tree.js';

export type DiffType = 'added' | 'removed' | 'changed' | 'conflict';

export interface Difference {
  readonly path: string;
  readonly type: DiffType;
  /** The object on the right; where it was removed, the one on the left. */
  readonly entry: Entry | undefined;
}

/** What has to be done to `left` to make it `right`, sorted by path. */
export function diffTwoDot(left: Tree, right: Tree): Difference[] {
  const before = left.entries();
  const after = right.entries();
  return left.pathsThatDiffer(right).map((path) => difference(path, before.get(path), after.get(path)));
}

/** What `right` changed since `base`, without what `left` holds already; both changed differently: conflict. */
export function diffThreeDot(base: Tree, left: Tree, right: Tree): Difference[] {
  const [from, mine, theirs] = [base.entries(), left.entries(), right.entries()];
  const found: Difference[] = [];
  for (const path of base.pathsThatDiffer(right)) {
    const [b, l, r] = [from.get(path), mine.get(path), theirs.get(path)];
    if (sameContent(l, r)) continue;
    const one = difference(path, b, r);
    found.push(sameContent(b, l) ? one : { ...one, type: 'conflict' });
  }
  return found;
}

function difference(path: string, before: Entry | undefined, after: Entry | undefined): Difference {
  if (after === undefined) return { path, type: 'removed', entry: before };
  return { path, type: before === undefined ? 'added' : 'changed', entry: after };
}
