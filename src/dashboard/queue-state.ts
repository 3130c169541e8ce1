import type { RequestHandler } from 'express';
import type { Queues } from '../queue/types.js';
import type { ViewerOf } from '../server/login.js';
import { queueTrouble, whileQueueFails } from '../server/queue-watch.js';

/** Serves `queue-state.json`: `text` is what the banner of `page.ts` shows, empty where the queue works. */
export function createQueueState(queues: Pick<Queues, 'problem'>, viewerOf: ViewerOf): RequestHandler {
  return async (request, response, next) => {
    if (request.path !== '/queue-state.json' || request.method !== 'GET') return next();
    if (viewerOf(request) === undefined) {
      response.status(403).end();
      return;
    }
    const problem = await queueTrouble(queues);
    const text = problem === undefined ? '' : `Queue not working: ${problem}. ${whileQueueFails}`;
    response.set('Cache-Control', 'no-store').json({ text });
  };
}
