/**
 * Asks one by one or many in one go, whichever there is at the time: while one asking is under way, further
 * questions gather and go out together in the next. Every answer was found out after it was asked for.
 */
export type Gather<Q, A> = (question: Q) => Promise<A>;

/** `ask` answers each question by a promise of its own, in their order; at most `maxBatch` at once. */
export function createGather<Q, A>(
  ask: (questions: readonly Q[]) => readonly Promise<A>[],
  maxBatch: number,
): Gather<Q, A> {
  let waiting: { readonly question: Q; readonly settle: (answer: Promise<A>) => void }[] = [];
  let busy = false;

  async function flush(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
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
