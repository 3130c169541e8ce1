import type { Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import type { QueueLog } from './log.js';
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

/** Whether `work` has ended within `ms`, well or badly. What it does later is not waited for. */
export function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const ended = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    work.then(ended, ended);
  });
}

const quietMs = 30_000;

/**
 * Returns an error listener that logs the first of a row of equal errors and then one every 30 s: a store
 * that is down makes every connection fail many times a second.
 */
export function quietErrors(log: QueueLog, where: string): (error: Error) => void {
  const said = new Map<string, { at: number; unsaid: number }>();
  return (error) => {
    const what = error.message || ('code' in error ? String(error.code) : error.name);
    const now = Date.now();
    const last = said.get(what);
    if (last !== undefined && now - last.at < quietMs) {
      last.unsaid += 1;
      return;
    }
    if (said.size > 50) said.clear();
    said.set(what, { at: now, unsaid: 0 });
    log.warn(
      { where, error: what, repeated: last?.unsaid ?? 0 },
      'the connection to the queue reported an error',
    );
  };
}

const everyMs = 1_000;

/**
 * Renews at most once a second; whoever asks meanwhile shares the answer. A store that stays out of date would else be
 * renewed with each command. An error counts as no.
 */
export function sharedRenewal(renew: () => Promise<boolean>): () => Promise<boolean> {
  let last: { readonly at: number; readonly done: Promise<boolean> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at >= everyMs) {
      last = { at: performance.now(), done: renew().catch(() => false) };
    }
    return last.done;
  };
}
