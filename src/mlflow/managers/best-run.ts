import { ArgumentError } from '../check.js';
import { allRuns } from '../pages.js';
import type { RunClient } from '../run-client.js';
import type { Run } from '../types.js';

/** The run whose metric is the least or the greatest; the oldest of equals. NaN is never the best. */
export async function bestRun(
  runs: Pick<RunClient, 'searchRuns'>,
  experimentIds: readonly string[],
  metric: string,
  which: 'min' | 'max',
): Promise<Run> {
  if (which !== 'min' && which !== 'max') throw new ArgumentError('say whether the best is "min" or "max"');
  let best: { readonly run: Run; readonly value: number } | undefined;
  for await (const run of allRuns(runs, experimentIds)) {
    const value = run.data.metrics?.find(({ key }) => key === metric)?.value;
    if (value === undefined || Number.isNaN(value)) continue;
    if (best === undefined || (which === 'min' ? value < best.value : value > best.value)) {
      best = { run, value };
    }
  }
  if (best === undefined) throw new Error(`no run of the experiments has the metric "${metric}"`);
  return best.run;
}
