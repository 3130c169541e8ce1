import type { Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import type { JobName } from './types.js';

export type BackendWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** Where the jobs are stored. Errors of connections are logged by the backend, never thrown. */
export interface Backend {
  readonly kind: 'redis' | 'postgres' | 'embedded';
  /** One queue per job name, made when the backend is opened. */
  readonly queues: Readonly<Record<JobName, Queue>>;
  /** Whether BullMQ may limit finished jobs by count; else the backend sees to it. */
  readonly keepsByCount: boolean;
  /** Where it is, without credentials. */
  readonly place: string;
  /** Resolves when the store can be used for the first time. */
  readonly opened: Promise<void>;
  /** Undefined where a command can be sent now, else why not. Costs nothing. */
  notReady(): string | undefined;
  /** A command that takes longer, in ms, means that the store is down. */
  readonly patienceMs: number;
  /** Resolves once the store answers. May take for ever. */
  ping(): Promise<void>;
  /** Stores what an event would and takes it back at once. Rejects with the store's own error. */
  tryWrite(): Promise<void>;
  /** What puts jobs at risk although the store takes them now; a line each. */
  warnings(): Promise<readonly string[]>;
  /** What a store's error means and what to do about it, to be put after `place`. */
  explain(error: unknown): string;
  /**
   * Renews what the error shows to be out of date (a connection to a server that was demoted, tables that were
   * dropped). True where the command is worth sending again. Never rejects.
   */
  mend(error: unknown): Promise<boolean>;
  startWorker(name: JobName, processor: Processor, options: BackendWorkerOptions): Worker;
  close(): Promise<void>;
}

/** For a server behind a network: whoever adds a job is promised an answer within a second. */
export const serverPatienceMs = 800;
