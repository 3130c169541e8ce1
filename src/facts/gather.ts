import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks one by one or many in one go, whichever there is at the time: while one asking is under way, further
 * questions gather and go out together in the next. Every answer was found out after it was asked for.
 */
export type Gather<Q, A> = (question: Q) => Promise<A>;

export interface GatherOptions {
  /** Questions at once. */
  readonly maxBatch: number;
  /**
   * Where it is crowded an asking begins this many ms after the last at the earliest: the more questions there are in
   * one, the less each costs. Those who follow one who asked alone need not wait, once in this time.
   */
  readonly everyMs?: number;
  /** Whether others are likely to ask soon; by default never. */
  readonly crowded?: () => boolean;
  /** For tests. */
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** Any clock in ms; for tests. */
  readonly now?: () => number;
}

/** `ask` answers each question by a promise of its own, in their order. */
export function createGather<Q, A>(
  ask: (questions: readonly Q[]) => readonly Promise<A>[],
  {
    maxBatch,
    everyMs = 0,
    crowded = () => false,
    sleep = wait,
    now = () => performance.now(),
  }: GatherOptions,
): Gather<Q, A> {
  let waiting: { readonly question: Q; readonly settle: (answer: Promise<A>) => void }[] = [];
  let busy = false;
  let last = { at: Number.NEGATIVE_INFINITY, size: 0 };
  let lastFree = Number.NEGATIVE_INFINITY;

  /** How long the next asking has to wait, in ms. */
  function pauseMs(): number {
    const rest = last.at + everyMs - now();
    if (rest <= 0 || !crowded()) return 0;
    if (last.size > 1 || now() - lastFree < everyMs) return rest;
    lastFree = now();
    return 0;
  }

  async function flush(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const pause = pauseMs();
      if (pause > 0) await sleep(pause);
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      last = { at: now(), size: batch.length };
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
