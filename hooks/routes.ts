import { type NextFunction, type Request, type Response, Router } from 'express';
import { refusals, refuse } from './answers.js';
import { createReceiver, type HookDependencies } from './receive.js';

/**
 * The routes of lakeFS's webhooks: `POST /hooks/lakefs` and `POST /hooks/lakefs/:installation`; other methods
 * there are answered 405. Mount it before any middleware: it reads the body itself, and every layer in front
 * costs more than the whole of it.
 */
export function createHookRoutes(deps: HookDependencies): Router {
  const router = Router();
  const receive = createReceiver(deps);

  router.post('/hooks/lakefs{/:installation}', (request, response) =>
    receive(request, response, request.params.installation),
  );
  router.all('/hooks/lakefs{/:installation}', (request, response) =>
    refuse(request, response, refusals.method),
  );
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    // A path such as /hooks/lakefs/%ff: express marks what it cannot decode with a status.
    if (error instanceof URIError && 'status' in error)
      return refuse(request, response, refusals.unknownInstallation);
    deps.log.error({ err: error }, 'hook failed');
    refuse(request, response, refusals.failed);
  });
  return router;
}
