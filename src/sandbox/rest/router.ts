import { type RequestHandler, Router } from 'express';
import { ApiFailure } from '../failure.js';
import type { World } from '../world.js';
import { addActionRoutes } from './actions.js';
import { sendNothing } from './answer.js';
import { authenticate, login } from './authenticate.js';
import { addBranchRoutes } from './branches.js';
import { addCommitRoutes } from './commits.js';
import { addDiffRoutes } from './diff.js';
import { handle, sendFailure } from './handle.js';
import { addMergeRoutes } from './merge.js';
import { addObjectRoutes } from './objects.js';
import { addRepositoryRoutes } from './repositories.js';
import { addSystemRoutes } from './system.js';
import { addTagRoutes } from './tags.js';

/** First path segments of lakeFS's API: what is below them and not here is 501, all else 404 as on lakeFS. */
const known = ['repositories', 'auth', 'user', 'config', 'setup_lakefs', 'otf', 'usage-report', 'statistics'];

/** Everything below `/api/v1`. */
export function makeRestRouter(world: World): Router {
  const router = Router();
  router.get(
    '/healthcheck',
    handle(({ res }) => sendNothing(res)),
  );
  router.post('/auth/login', login(world));
  router.use(authenticate(world));
  addSystemRoutes(router, world);
  addRepositoryRoutes(router, world);
  addBranchRoutes(router, world);
  addTagRoutes(router, world);
  addCommitRoutes(router, world);
  addDiffRoutes(router, world);
  addMergeRoutes(router, world);
  addObjectRoutes(router, world);
  addActionRoutes(router, world);
  router.use(unsupported);
  return router;
}

const unsupported: RequestHandler = (req, res) => {
  const segment = req.path.split('/')[1] ?? '';
  if (!known.includes(segment)) return sendFailure(res, new ApiFailure(404, 'invalid API endpoint'));
  const what = `${req.method} ${req.baseUrl}${req.path}`;
  return sendFailure(res, new ApiFailure(501, `the sandbox lakeFS does not do this: ${what}`));
};
