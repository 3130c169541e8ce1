/** A run that was checked and needs nothing. Times are Unix ms. */
export interface SeenRun {
  readonly id: string;
  /** By the clock of whoever logged it; 0 where none was sent. */
  readonly startedAt: number;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** From then on it is checked again; Infinity where it has ended. */
  readonly dueAt: number;
}

/** Runs that started in a part of time: from the one (inclusive) to the other. */
export interface SeenWindow {
  /** Undefined: from the beginning. */
  readonly from: number | undefined;
  readonly to: number;
  /** Those that were seen. */
  readonly runs: readonly SeenRun[];
}

/** The share of a server's time that looking for late runs may take. */
const share = 0.01;

/** After a long rest no more than this is made up for, in ms. */
const mostCreditMs = 3_000;

/**
 * What is known of a run at a check. One that has not ended is checked again after as long as it has been watched: an
 * import may set its end to a time long ago, while a run that crashed and never ends must not be read for ever.
 */
export function seenRun(
  run: { readonly id: string; readonly startTime: number | undefined; readonly terminal: boolean },
  earlier: SeenRun | undefined,
  now: number,
): SeenRun {
  const firstSeenAt = earlier?.firstSeenAt ?? now;
  return {
    id: run.id,
    startedAt: run.startTime ?? 0,
    firstSeenAt,
    lastSeenAt: now,
    dueAt: run.terminal ? Number.POSITIVE_INFINITY : now + (now - firstSeenAt),
  };
}

/**
 * Cuts the time before `until` so that about `size` runs that were seen started in each part. Those that started in the
 * same millisecond stay together, however many they are.
 */
export function windowsOf(seen: Iterable<SeenRun>, until: number, size: number): readonly SeenWindow[] {
  const runs = [...seen].filter((run) => run.startedAt < until).sort((a, b) => a.startedAt - b.startedAt);
  const windows: SeenWindow[] = [];
  let from: number | undefined;
  let start = 0;
  while (start < runs.length || windows.length === 0) {
    let end = start + size;
    while (end < runs.length && runs[end]?.startedAt === runs[end - 1]?.startedAt) end += 1;
    const to = runs[end]?.startedAt ?? until;
    windows.push({ from, to, runs: runs.slice(start, end) });
    from = to;
    start = end;
  }
  return windows;
}

/** The time (ms) that may be spent now, which is less than nothing where too much was spent before. */
export function creditAfter(credit: number, restedMs: number): number {
  return Math.min(mostCreditMs, credit + restedMs * share);
}
