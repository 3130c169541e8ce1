import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks one by one or many in one go, whichever there is at the time: while one asking is under way, further
 * questions wait and go out together in the next batch. Every answer is from after its question.
 */
export type Batcher<Q, A> = (question: Q) => Promise<A>;

export interface BatcherOptions {
  /** Questions at once. */
  readonly maxBatch: number;
  /**
   * Resolves once whoever is asked has time. Until then questions wait, but no longer than `everyMs` after the last
   * asking: the more there are in one, the less each costs. By default there is always time.
   */
  readonly whenFree?: () => Promise<void>;
  /** In ms. */
  readonly everyMs?: number;
  /** For tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Any clock in ms; for tests. */
  readonly now?: () => number;
}

/** `ask` answers each question by a promise of its own, in their order. */
export function createBatcher<Q, A>(
  ask: (questions: readonly Q[]) => readonly Promise<A>[],
  {
    maxBatch,
    everyMs = 0,
    whenFree = () => Promise.resolve(),
    sleep = (ms, signal) => wait(ms, undefined, { signal }),
    now = () => performance.now(),
  }: BatcherOptions,
): Batcher<Q, A> {
  let waiting: { readonly question: Q; readonly settle: (answer: Promise<A>) => void }[] = [];
  let busy = false;
  let lastAt = Number.NEGATIVE_INFINITY;

  async function untilFree(atMostMs: number): Promise<void> {
    const free = new AbortController();
    await Promise.race([whenFree(), sleep(atMostMs, free.signal).catch(() => undefined)]);
    free.abort();
  }

  async function flush(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const rest = lastAt + everyMs - now();
      if (rest > 0) await untilFree(rest);
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      lastAt = now();
      const answers = ask(batch.map(({ question }) => question));
      for (const [index, { settle }] of batch.entries()) {
        settle(answers[index] ?? Promise.reject(new Error('a question was not answered')));
      }
      await Promise.allSettled(answers);
    }
    busy = false;
  }

  return (question) =>
    new Promise((resolve) => {
      waiting.push({ question, settle: resolve });
      if (!busy) void flush();
    });
}
