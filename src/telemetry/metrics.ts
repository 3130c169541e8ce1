import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ServerState } from '../domain/common/server-state.js';
import type { JobCounts } from '../queue/types.js';

interface ServerReport extends ServerState {
  readonly kind: string;
  readonly installation: string;
}

/** What the service counts. Every metric starts with `lakefs_mlflow_`. */
export interface Metrics {
  /** An answer to lakeFS, and what became of the event. */
  hookAnswered(status: number, outcome: 'accepted' | 'duplicate' | 'ignored' | 'refused'): void;
  /** A try of a job came to an end. */
  jobEnded(job: string, outcome: 'done' | 'failed', durationMs: number): void;
  /** The page for Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/**
 * @param counts the jobs by name and state; where it rejects, `lakefs_mlflow_queue_up` is 0 and the counts are
 * left out, so that nobody takes an outage for an empty queue
 * @param servers how each server stands to us
 */
export function createMetrics(
  counts: () => Promise<Readonly<Record<string, JobCounts>>>,
  servers: () => readonly ServerReport[] = () => [],
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const answers = new Counter({
    name: 'lakefs_mlflow_hook_answers_total',
    help: 'Answers to lakeFS by HTTP status and outcome',
    labelNames: ['status', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'lakefs_mlflow_job_duration_seconds',
    help: 'Duration of job attempts, by job and outcome',
    labelNames: ['job', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const up = new Gauge({ name: 'lakefs_mlflow_queue_up', help: '1 if the queue answers', registers });
  const jobs = new Gauge({
    name: 'lakefs_mlflow_jobs',
    help: 'Jobs in the queue by job and state',
    labelNames: ['job', 'state'],
    registers,
  });

  const serverLabels = { labelNames: ['server', 'installation'], registers };
  const serverUp = new Gauge({
    name: 'lakefs_mlflow_server_up',
    help: '1 if lakeFS or MLflow answers our requests, 0 if it does not or refuses them',
    ...serverLabels,
  });
  const lastSuccess = new Gauge({
    name: 'lakefs_mlflow_server_last_success_timestamp_seconds',
    help: 'When lakeFS or MLflow last answered one of our requests',
    ...serverLabels,
  });

  function readServers(): void {
    for (const { kind, installation, condition, lastSuccess: at } of servers()) {
      const labels = { server: kind, installation };
      // What was not heard of yet is neither.
      if (condition !== 'unknown') serverUp.set(labels, condition === 'up' ? 1 : 0);
      if (at !== undefined) lastSuccess.set(labels, at / 1_000);
    }
  }

  async function readCounts(): Promise<void> {
    jobs.reset();
    try {
      for (const [job, states] of Object.entries(await counts())) {
        for (const [state, count] of Object.entries(states)) jobs.set({ job, state }, count);
      }
      up.set(1);
    } catch {
      up.set(0);
    }
  }

  return {
    hookAnswered: (status, outcome) => answers.inc({ status: String(status), outcome }),
    jobEnded: (job, outcome, durationMs) => durations.observe({ job, outcome }, durationMs / 1000),
    render: async () => {
      await readCounts();
      readServers();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
