import type { Settings } from './config/types.js';

/** How long requests in progress get once the listener closes, in ms. */
export const lastRequestsMs = 1_000;

/** A second each to hand jobs back, to answer the last requests and to close the store. */
const closingMs = 3_000;

/**
 * The longest that closing takes, in ms: 7 s by default, because `docker stop` kills after 10. While jobs finish, the
 * process goes on listening.
 */
export function closingLimitMs({
  shutdownDeadlineMs,
  shutdownDrainMs,
}: Pick<Settings, 'shutdownDeadlineMs' | 'shutdownDrainMs'>): number {
  return Math.max(shutdownDeadlineMs, shutdownDrainMs) + closingMs;
}
