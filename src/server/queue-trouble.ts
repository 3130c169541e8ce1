import type { Queues } from '../queue/types.js';

/** Why the queue cannot be used, for people to read; undefined where it can. Never rejects. */
export async function queueTrouble(queues: Pick<Queues, 'problem'>): Promise<string | undefined> {
  const problem = await queues.problem().catch(() => 'it cannot be reached');
  // The text that it is put behind says so already.
  return problem?.replace(/^the queue is unavailable: /, '');
}

/** What that means for events. */
export const whileQueueFails =
  'Events are refused until it works again; nothing is lost in lakeFS or MLflow.';
