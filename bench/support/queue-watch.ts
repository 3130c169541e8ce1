import { setTimeout as sleep } from 'node:timers/promises';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import type { JobName, NewJob } from '../../src/queue/types.js';
import { silentLog } from '../../test/support/silent-log.js';

/** The queue of a service, as seen from outside. */
export interface QueueWatch {
  add(jobs: readonly NewJob[]): Promise<void>;
  /** Resolves once no job of these names waits or runs; throws after `limitMs`. */
  quiet(names: readonly JobName[], limitMs: number): Promise<void>;
  /** When the last job of this name ended, Unix ms, and what the last one said; undefined where none was since. */
  last(
    name: JobName,
    since: number,
  ): Promise<{ readonly endedAt: number; readonly summary: string } | undefined>;
  /** Forgets what is done, so that the next look is a short one. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export async function watchQueue(queueUrl: string): Promise<QueueWatch> {
  const queues = await createQueues({ queueUrl, dataDir: '', log: silentLog });
  const queue = (name: JobName): ReturnType<OpenQueues['bullQueues']>[number] => {
    const found = queues.bullQueues().find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no queue is called ${name}`);
    return found;
  };
  const until = Date.now() + 5_000;
  while ((await queues.problem()) !== undefined && Date.now() < until) await sleep(20);
  return {
    add: async (jobs) => void (await queues.addMany(jobs)),
    quiet: async (names, limitMs) => {
      const end = Date.now() + limitMs;
      for (;;) {
        const counts = await queues.counts();
        const busy = names.filter(
          (name) => counts[name].waiting + counts[name].active + counts[name].delayed > 0,
        );
        const failed = names.filter((name) => counts[name].failed > 0);
        if (failed.length > 0) throw new Error(`jobs failed: ${failed.join(', ')}`);
        if (busy.length === 0) return;
        if (Date.now() > end) throw new Error(`waited ${limitMs} ms for ${busy.join(', ')}`);
        await sleep(25);
      }
    },
    last: async (name, since) => {
      const jobs = await queue(name).getJobs(['completed']);
      const ended = jobs.flatMap(({ finishedOn, returnvalue }) =>
        finishedOn === undefined || finishedOn < since
          ? []
          : [{ endedAt: finishedOn, summary: String(returnvalue?.summary) }],
      );
      return ended.sort((a, b) => b.endedAt - a.endedAt)[0];
    },
    forget: async () => {
      for (const one of queues.bullQueues()) await one.clean(0, 100_000, 'completed');
    },
    close: () => queues.close(),
  };
}
