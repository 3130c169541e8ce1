const everyMs = 1_000;

/**
 * Renews at most once a second; whoever asks meanwhile shares the answer. A store that stays out of date would else be
 * renewed with each command. An error counts as no.
 */
export function sharedRenewal(renew: () => Promise<boolean>): () => Promise<boolean> {
  let last: { readonly at: number; readonly done: Promise<boolean> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at >= everyMs) {
      last = { at: performance.now(), done: renew().catch(() => false) };
    }
    return last.done;
  };
}
