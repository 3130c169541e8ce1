/**
 * Remembers answers for a while, and lets callers who ask at once share one request. Failures are not kept. At most
 * `size` answers; the oldest go first.
 */
export interface Cache<V> {
  get(key: string, load: () => Promise<V>): Promise<V>;
  /** Takes over an answer that was found on another way. */
  put(key: string, value: V): void;
  /** The next who asks makes a request of his own. */
  forget(key: string): void;
}

/** `ttlMs` may depend on the answer: what cannot change may be kept long. */
export function createCache<V>(options: {
  readonly size: number;
  readonly ttlMs: (value: V) => number;
  readonly now: () => number;
}): Cache<V> {
  const entries = new Map<string, { value: Promise<V>; until: number }>();
  function dropOldest(): void {
    for (const oldest of entries.keys()) {
      if (entries.size <= options.size) break;
      entries.delete(oldest);
    }
  }

  return {
    forget: (key) => void entries.delete(key),
    put(key, value) {
      entries.delete(key);
      entries.set(key, { value: Promise.resolve(value), until: options.now() + options.ttlMs(value) });
      dropOldest();
    },
    get: (key, load) => {
      const known = entries.get(key);
      if (known !== undefined && known.until > options.now()) return known.value;
      const entry = { value: load(), until: Number.POSITIVE_INFINITY };
      entries.delete(key);
      entries.set(key, entry);
      dropOldest();
      entry.value.then(
        (value) => {
          entry.until = options.now() + options.ttlMs(value);
        },
        () => {
          if (entries.get(key) === entry) entries.delete(key);
        },
      );
      return entry.value;
    },
  };
}

/** Answers about commits are kept for so long after they were read, in ms: they never change. */
export const immutableMs = 24 * 3_600_000;
