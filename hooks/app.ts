import express, { type Express } from 'express';
import type { HookDependencies } from './receive.js';
import { createHookRoutes } from './routes.js';

/**
 * An express app with the webhook routes in first place; mount everything else after them and serve it with
 * `createFastServer`.
 */
export function createHookApp(deps: HookDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(createHookRoutes(deps));
  return app;
}
