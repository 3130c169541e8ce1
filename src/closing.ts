import type { Settings } from './config/types.js';

/** What requests under way get once the listener closes, in ms. */
export const lastRequestsMs = 1_000;

/** Jobs are handed back, the last requests answered, the store closed: a second each. */
const closingMs = 3_000;

/**
 * The longest that closing takes, in ms: 7 s by default, because `docker stop` kills after 10. Listening on and letting
 * jobs finish happen side by side.
 */
export function closingLimitMs({
  shutdownDeadlineMs,
  shutdownDrainMs,
}: Pick<Settings, 'shutdownDeadlineMs' | 'shutdownDrainMs'>): number {
  return Math.max(shutdownDeadlineMs, shutdownDrainMs) + closingMs;
}
