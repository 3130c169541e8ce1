/** Gives back the first of what was put in, by an order: both take a time that grows with the logarithm of how many are in. */
export interface Heap<T> {
  push(item: T): void;
  /** Undefined where it is empty. */
  pop(): T | undefined;
}

export function createHeap<T>(goesBefore: (a: T, b: T) => boolean): Heap<T> {
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
