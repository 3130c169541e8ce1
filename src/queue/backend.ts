import type { Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import type { JobName } from './types.js';

export type BackendWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** Where the jobs are stored. Errors of connections are logged by the backend, never thrown. */
export interface Backend {
  readonly kind: 'redis' | 'postgres' | 'embedded';
  /** One queue per job name, made when the backend is opened. */
  readonly queues: Readonly<Record<JobName, Queue>>;
  /** Where it is, without credentials. */
  readonly place: string;
  /** Undefined where a command can be sent now, else why not. Costs nothing. */
  notReady(): string | undefined;
  /** A command that takes longer, in ms, means that the store is down. */
  readonly patienceMs: number;
  /** Resolves once the store answers. May take for ever. */
  ping(): Promise<void>;
  /** A lasting fault of the store's settings, in one line. */
  misconfiguration(): Promise<string | undefined>;
  startWorker(name: JobName, processor: Processor, options: BackendWorkerOptions): Worker;
  close(): Promise<void>;
}

/** For a server behind a network: whoever adds a job is promised an answer within a second. */
export const serverPatienceMs = 800;
