/** Lets others wait until something is free, without taking it. */
export interface OnceFree {
  /** Resolves once it is free; at once where it is. All who wait share one promise. */
  whenFree(): Promise<void>;
  /** Something may have become free. */
  changed(): void;
}

export function createOnceFree(isFree: () => boolean): OnceFree {
  let waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  return {
    whenFree: () => {
      if (isFree()) return Promise.resolve();
      waiting ??= pending();
      return waiting.promise;
    },
    changed: () => {
      if (waiting === undefined || !isFree()) return;
      waiting.resolve();
      waiting = undefined;
    },
  };
}

function pending(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
