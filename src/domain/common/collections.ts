/** By what `keyOf` says of each, in their order. Those of which it says nothing are left out. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K | undefined): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Names of folders and files repeat: each of the first 10,000 is decided once. */
export function remembered<T>(decide: (name: string) => T): (name: string) => T {
  const known = new Map<string, { readonly answer: T }>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before.answer;
    const answer = decide(name);
    if (known.size < maxKnown) known.set(name, { answer });
    return answer;
  };
}

const maxKnown = 10_000;
