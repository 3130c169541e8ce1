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
