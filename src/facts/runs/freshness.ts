/**
 * The part of a cache's key that keeps answers apart by how old they may be: what was read before a run ended may lack
 * what came just before its end. Where anything that is still remembered is new enough, all share one answer; else
 * those that ask as of the same second do.
 *
 * @param asOf Unix ms: the answer must not be older; undefined where its age does not matter
 * @param keptMs how long answers are remembered
 */
export function freshness(asOf: number | undefined, keptMs: number, nowMs: number): string {
  return asOf === undefined || asOf <= nowMs - keptMs ? '' : String(Math.floor(asOf / 1_000));
}
