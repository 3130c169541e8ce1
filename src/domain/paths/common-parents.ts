import { isUnder, parentDirectory } from './path.js';

interface Candidate {
  readonly parent: string;
  readonly count: number;
}

/**
 * Puts directories under their parents, the parent with most of them first, until at most `limit` are left.
 *
 * @returns the directories that are left, each with those of `paths` that it stands for
 */
export function commonParents(
  paths: readonly string[],
  limit: number,
): ReadonlyMap<string, readonly string[]> {
  // Sorted, so that what lies under a directory stands together, directly behind it.
  const left = [...new Set(paths)].sort();
  const standsFor = new Map<string, readonly string[]>(left.map((path) => [path, [path]]));
  const counts = new Map<string, number>();
  // A count that has changed is put in anew: the earlier one is passed over when it comes up.
  const candidates = createHeap<Candidate>(isBusier);

  function count(path: string, change: 1 | -1): void {
    if (path === '') return;
    const parent = parentDirectory(path);
    const now = (counts.get(parent) ?? 0) + change;
    counts.set(parent, now);
    if (now > 0) candidates.push({ parent, count: now });
  }

  function busiest(): string {
    for (let best = candidates.pop(); best !== undefined; best = candidates.pop()) {
      if (counts.get(best.parent) === best.count) return best.parent;
    }
    return '';
  }

  for (const path of left) count(path, 1);
  while (left.length > limit) {
    const parent = busiest();
    const from = placeOf(left, parent);
    let to = from;
    while (isUnder(left[to] ?? '', parent) && to < left.length) to += 1;
    const under = left.splice(from, to - from, parent);
    const all = under.flatMap((path) => standsFor.get(path) ?? []);
    for (const path of under) {
      standsFor.delete(path);
      count(path, -1);
    }
    standsFor.set(parent, all);
    count(parent, 1);
  }
  return standsFor;
}

function isBusier(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  if (a.parent.length !== b.parent.length) return a.parent.length > b.parent.length;
  return a.parent < b.parent;
}

/** The place of the first of a sorted list that does not come before the text. */
function placeOf(sorted: readonly string[], text: string): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((sorted[middle] ?? '') < text) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Gives back the first of what was put in, by an order: both take a time that grows with the logarithm of how many are in. */
export interface Heap<T> {
  push(item: T): void;
  /** Undefined where it is empty. */
  pop(): T | undefined;
}

function createHeap<T>(goesBefore: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  /** The one of two places whose item goes first; `a` where there is nothing at `b`. */
  function firstOf(a: number, b: number): number {
    const [one, other] = [items[a], items[b]];
    if (one === undefined || other === undefined) return other === undefined ? a : b;
    return goesBefore(other, one) ? b : a;
  }

  function swap(a: number, b: number): void {
    const [one, other] = [items[a], items[b]];
    if (one === undefined || other === undefined) return;
    items[a] = other;
    items[b] = one;
  }

  return {
    push(item) {
      items.push(item);
      for (let at = items.length - 1; at > 0; ) {
        const parent = Math.floor((at - 1) / 2);
        if (firstOf(parent, at) === parent) return;
        swap(parent, at);
        at = parent;
      }
    },
    pop() {
      swap(0, items.length - 1);
      const first = items.pop();
      for (let at = 0; ; ) {
        const child = firstOf(firstOf(at, 2 * at + 1), 2 * at + 2);
        if (child === at) return first;
        swap(at, child);
        at = child;
      }
    },
  };
}
