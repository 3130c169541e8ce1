import { type Request, Router } from 'express';
import type { Queues } from '../queue/types.js';
import { queueTrouble } from '../server/queue-watch.js';
import type { ServerReport } from '../server/server-watch.js';
import { type StartPageFacts, startPage } from './start-page.js';

export interface PagesDependencies {
  readonly queues: Pick<Queues, 'problem' | 'counts'>;
  readonly installations: StartPageFacts['installations'];
  readonly reports: () => readonly ServerReport[];
  readonly viewerOf: (request: Request) => { readonly name: string; readonly role: string } | undefined;
}

/** Our own pages. Mount them behind the login. */
export function createPages({ queues, reports, installations, viewerOf }: PagesDependencies): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const viewer = viewerOf(request);
    const queueProblem = await queueTrouble(queues);
    // A queue that is down may leave a read without an answer for long.
    const counts = queueProblem === undefined ? await queues.counts().catch(() => undefined) : undefined;
    response
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(
        startPage({
          user: viewer?.name ?? 'unknown',
          role: viewer?.role ?? 'viewer',
          queueProblem,
          counts,
          servers: reports(),
          installations,
        }),
      );
  });
  return router;
}
