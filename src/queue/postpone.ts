const firstMs = 2_000;
const longestMs = 5 * 60_000;

/**
 * How long a job waits, in ms, because a server is down: what the server asked for, else doubling from 2 s
 * to 5 min, less up to a half at random so that the waiting jobs do not all come back at once. Never longer than 5 min,
 * whatever the server asks for: a mistake of a proxy must not put commits off for a day.
 *
 * @param earlier how often this job has been put off already
 * @param random in [0, 1)
 */
export function postponeMs(earlier: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined && retryAfterMs < longestMs) {
    return Math.min(Math.round(retryAfterMs * (1 + random * 0.1)), longestMs);
  }
  if (retryAfterMs !== undefined) return Math.round(longestMs * (1 - random * 0.1));
  const full = Math.min(firstMs * 2 ** Math.min(earlier, 20), longestMs);
  return Math.round(full * (1 - random / 2));
}

const manyWaits = 24;
const longMs = 2 * 3_600_000;

/**
 * True where a server that answers other requests has put this job off so often, and for so long, that it will hardly ever
 * do otherwise: from then on each time spends an attempt, so that the job ends in failed with its reason. Both are asked
 * for because a rate limit may put a job off often in a short time, and a long outage once for long.
 *
 * @param earlier how often the job has been put off already
 * @param ageMs since the job was made
 */
export function isPutOffForGood(earlier: number, ageMs: number): boolean {
  return earlier >= manyWaits && ageMs >= longMs;
}
