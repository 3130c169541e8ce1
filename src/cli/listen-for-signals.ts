/** A Ctrl-C reaches us twice where npm started us: from the terminal and from npm. */
const repeatMs = 2_000;

export interface SignalReactions {
  first(name: NodeJS.Signals): void;
  /** The signal came again, more than a moment after the first. */
  again(): void;
}

/** From now on these signals no longer end the process by themselves. */
export function listenForSignals(names: readonly NodeJS.Signals[], { first, again }: SignalReactions): void {
  let firstAt: number | undefined;
  for (const name of names) {
    process.on(name, () => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        first(name);
      } else if (performance.now() - firstAt > repeatMs) again();
    });
  }
}
