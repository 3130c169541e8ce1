import type { Queue } from 'bullmq';
import { jobKey } from './keys.js';
import type { JobName, JobPayloads } from './types.js';

/** Failed jobs in this index, newest first; older ones are left to people. */
const maxListed = 10_000;

export interface FailedJobs {
  /**
   * Ids of the failed jobs of this payload's key, as of `notBefore` (ms, `Date.now()`) or later.
   *
   * Job ids start with a hash of their key, so the ids alone tell: one command for all that failed (about
   * 60 bytes each, no job is read), shared by every call that an earlier answer is fresh enough for.
   */
  idsOf<N extends JobName>(name: N, payload: JobPayloads[N], notBefore: number): Promise<readonly string[]>;
}

interface Listing {
  /** When the command was sent. */
  readonly at: number;
  readonly byPrefix: Promise<ReadonlyMap<string, readonly string[]>>;
}

export function createFailedJobs(queues: Readonly<Record<JobName, Queue>>): FailedJobs {
  const listings = new Map<JobName, Listing>();

  function listing(name: JobName, notBefore: number): Listing {
    const known = listings.get(name);
    if (known !== undefined && known.at >= notBefore) return known;
    const fresh: Listing = { at: Date.now(), byPrefix: list(queues[name]) };
    listings.set(name, fresh);
    fresh.byPrefix.catch(() => {
      if (listings.get(name) === fresh) listings.delete(name);
    });
    return fresh;
  }

  return {
    async idsOf(name, payload, notBefore) {
      const byPrefix = await listing(name, notBefore).byPrefix;
      return byPrefix.get(jobKey(name, payload).idPrefix) ?? [];
    },
  };
}

async function list(queue: Queue): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = await queue.getRanges(['failed'], 0, maxListed - 1);
  const byPrefix = new Map<string, string[]>();
  for (const id of ids) {
    const prefix = id.slice(0, id.lastIndexOf('_') + 1);
    const same = byPrefix.get(prefix);
    if (same) same.push(id);
    else byPrefix.set(prefix, [id]);
  }
  return byPrefix;
}
