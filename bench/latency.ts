import { latencyOfCommits } from './support/commit-latency.js';
import { startLatencySetup } from './support/latency-setup.js';
import { latencyOfRuns } from './support/run-latency.js';
import { figure, median, percentile } from './support/statistics.js';
import type { Bench, Row, Waits } from './support/types.js';

/** How long people wait: from a run's end to its tags, and from a commit to its candidate. */
export const latency: Bench = {
  title: "From a run's end to its tags, and from a commit to its candidate, against the bare calls",
  run: async (context) => {
    const rows: Row[] = [];
    const details: Record<string, unknown> = {};
    for (const interval of ['30s', '1s'] as const) {
      context.note(`SWEEP_INTERVAL ${interval}${interval === '30s' ? ' (the default)' : ''}: preparing`);
      const setup = await startLatencySetup(context, interval);
      const runs = await latencyOfRuns(context, setup, interval === '30s' ? 60_000 : 20_000);
      rows.push(row(`run's end to its tags, SWEEP_INTERVAL ${interval}`, runs));
      details[`runs${interval}`] = runs;
      if (interval === '30s') {
        const commits = await latencyOfCommits(context, setup);
        rows.push(row('commit to its candidate', commits));
        details.commits = commits;
      }
      await setup.close();
    }
    return { rows, limits: limits(), details };
  },
};

function row(what: string, { ours, bare }: Waits): Row {
  return { what, ours: describe(ours), other: describe(bare), measured: median(ours) / median(bare) };
}

function describe(waits: readonly number[]): string {
  return `p50 ${figure(median(waits))}, p95 ${figure(percentile(waits, 95))} ms`;
}

function limits(): readonly string[] {
  return [
    'a run: MLflow tells nobody that it ended, so half the sweep interval is the mean wait; the rest is a sweep and a log-batch (the first sweep after a start is left out)',
    'a commit: lakeFS sends its event, the job reads the commit and its diff, and makes the calls of a script',
    'what is looked for is asked for every 50 ms, which is part of the figures of our side',
  ];
}
