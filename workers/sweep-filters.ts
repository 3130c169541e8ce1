import { runningWindowMs } from '../src/domain/sync/sweep.js';
import { without } from '../src/facts/runs/known-runs.js';
import type { SettledRuns } from './settled-runs.js';

/**
 * The searches of one look. They share no run: a page costs MLflow half a second of work. What is settled is left out;
 * what people change there is found by the next whole sweep.
 *
 * @param leftOut ids of runs that no sweep reads: the slow lap does
 */
export function filtersSince(
  since: number,
  startedAt: number,
  leftOut: readonly string[],
  settled?: SettledRuns,
): readonly { readonly filter: string; readonly order: string }[] {
  const started = {
    filter: `attributes.start_time >= ${since}${without([...(settled?.startedSince(since) ?? []), ...leftOut])}`,
    order: 'attributes.start_time ASC',
  };
  if (since === 0) return [started];
  const week = startedAt - runningWindowMs;
  const ended = `attributes.end_time >= ${since} AND attributes.start_time < ${since}`;
  return [
    {
      filter: `attributes.status = 'RUNNING' AND attributes.start_time >= ${week} AND attributes.start_time < ${since}${without(leftOut)}`,
      order: 'attributes.start_time ASC',
    },
    started,
    {
      filter: `${ended}${without([...(settled?.endedSince(since) ?? []), ...leftOut])}`,
      order: 'attributes.end_time ASC',
    },
  ];
}
