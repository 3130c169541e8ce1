import { expect } from 'vitest';
import type { OpenQueues } from '../../../src/queue/create-queues.js';
import type { NewJob } from '../../../src/queue/types.js';
import { waitFor } from '../servers/process.js';

export interface Readiness {
  /** Another one each time. */
  job(): NewJob;
  /** The queue says that it cannot store, and refuses a job, both with this reason. */
  expectRefusal(reason: RegExp): Promise<void>;
  /** The queue says that it can store, and does. */
  expectService(): Promise<void>;
}

/** @param queues of the test that runs */
export function readinessOf(queues: () => OpenQueues | undefined): Readiness {
  let jobs = 0;

  function job(): NewJob {
    jobs += 1;
    return { name: 'link-run', payload: { v: 1, server: 'default', run: `run-${jobs}` }, cause: 'hook' };
  }

  return {
    job,
    /** Readiness first, so that it cannot have learnt from the refused job. */
    async expectRefusal(reason) {
      await waitFor(
        `not being ready because of ${reason}`,
        async () => reason.test((await queues()?.problem()) ?? ''),
        5_000,
      );
      await expect(queues()?.add(job())).rejects.toThrow(reason);
    },
    async expectService() {
      await waitFor('readiness', async () => (await queues()?.problem()) === undefined, 10_000);
      expect((await queues()?.add(job()))?.duplicate).toBe(false);
    },
  };
}
