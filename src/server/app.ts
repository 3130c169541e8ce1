import express, { type Express, type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import { checkTarget } from '../../hooks/request.js';
import type { Log } from '../telemetry/log.js';
import type { Login } from './login.js';
import { publicPath } from './places.js';
import { createErrorHandler, notFound, sendProblem } from './problem.js';
import { createSameSiteCheck } from './same-origin.js';

export interface AppParts {
  /** lakeFS's webhooks; undefined where this process does not receive. They guard themselves. */
  readonly hooks: RequestHandler | undefined;
  readonly health: RequestHandler;
  readonly metrics: RequestHandler;
  /** Pages, API and dashboard; undefined where this process has none. */
  readonly people:
    | {
        readonly pages: RequestHandler;
        readonly api: RequestHandler;
        /** Serves `/openapi.json`. */
        readonly description: RequestHandler;
        readonly dashboard: RequestHandler;
      }
    | undefined;
  readonly login: Login;
  /** Where people reach us, without a closing slash; a path in it is served as well. */
  readonly publicUrl: string;
  readonly log: Log;
}

/**
 * Puts the parts of a process behind one address: hooks and health for machines, all else behind the login. Where the
 * public address has a path, everything is there with and without it: a proxy in front may cut it off, or not.
 */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  // Whoever can reach us could send X-Forwarded-For; who is asking is settled in `client-address.ts`.
  app.set('trust proxy', false);
  const { hooks, health } = parts;
  // The hooks first, because every layer in front would cost more than they do. They check the target themselves.
  const open = [...(hooks === undefined ? [] : [hooks]), targetCheck, health];
  const guarded = createGuarded(parts);
  app.use(open);
  const path = publicPath(parts.publicUrl);
  if (path !== '') app.use(literally(path), withSlash, open, guarded);
  app.use(guarded);
  app.use(notFound);
  app.use(createErrorHandler(parts.log));
  return app;
}

/** With pages, every other path is closed too: what is added later cannot be left open by mistake. */
function createGuarded({ metrics, people, login, publicUrl }: AppParts): Router {
  const router = Router();
  if (people === undefined) {
    router.use('/metrics', login.handler);
    router.use(metrics);
    return router;
  }
  router.use(createSecurityHeaders(publicUrl), login.handler);
  router.use(metrics);
  router.use(people.pages);
  router.use(people.description);
  const sameSite = createSameSiteCheck(publicUrl);
  router.use('/api/v1', unlessByToken(login, sameSite), people.api);
  router.use('/queues', sameSite, people.dashboard);
  return router;
}

const targetCheck: RequestHandler = (request, response, next) => {
  const problem = checkTarget(request);
  if (problem === undefined) next();
  else sendProblem(response, problem.status, problem.message);
};

/** The links on our pages are relative: at `/path` without a trailing slash they would lead elsewhere. */
const withSlash: RequestHandler = ({ method, originalUrl, baseUrl }, response, next) => {
  const [path, query] = originalUrl.split(/\?(.*)/s);
  if (path !== baseUrl || (method !== 'GET' && method !== 'HEAD')) next();
  else response.redirect(`${baseUrl}/${query === undefined ? '' : `?${query}`}`);
};

/** Escapes what Express would take for a pattern. */
function literally(path: string): string {
  return path.replace(/[{}()[\]+?!:*\\]/g, '\\$&');
}

/** No browser sends the local token by itself, so a page of another site cannot use it. */
function unlessByToken({ viewerOf }: Login, check: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (viewerOf(request)?.by === 'token') next();
    else check(request, response, next);
  };
}

/**
 * Security headers for pages and dashboard. Both work without anything from another host; the font sheet that
 * the dashboard asks Google for is refused, so that no browser tells Google about it.
 *
 * On plain http three of helmet's defaults break hosts other than loopback: `upgrade-insecure-requests` and HSTS
 * send the browser to an https that is not there, and Cross-Origin-Opener-Policy only warns.
 */
function createSecurityHeaders(publicUrl: string): RequestHandler {
  const https = publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // Both set styles on elements.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: 180 * 24 * 3600, includeSubDomains: false } : false,
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
    xFrameOptions: { action: 'deny' },
  });
}
