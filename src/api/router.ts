import { isUtf8 } from 'node:buffer';
import { Ajv } from 'ajv';
import express, { type RequestHandler, Router } from 'express';
import { failureOf } from '../domain/common/failure.js';
import type { AddressOf } from '../server/client-address.js';
import type { ViewerOf } from '../server/login.js';
import { sendProblem } from '../server/problem.js';
import type { Log } from '../telemetry/log.js';
import { createAudit } from './audit.js';
import { ApiProblem, type ApiRoute } from './route.js';

/** A body with 1,000 commits is below 200 kB. */
const bodyLimit = '1mb';

export interface ApiDependencies {
  readonly viewerOf: ViewerOf;
  readonly addressOf: AddressOf;
  readonly log: Log;
}

/** Serves routes below `/api/v1`. Mount it behind the login and the same-site check: it has neither. */
export function createApiRouter(
  routes: readonly ApiRoute[],
  { viewerOf, addressOf, log }: ApiDependencies,
): Router {
  const router = Router();
  router.use(express.json({ limit: bodyLimit, strict: false, verify: onlyUtf8 }));
  const audit = createAudit({ viewerOf, addressOf, log });
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    const handlers = [guard(route, viewerOf), serve(route)];
    router[route.method](path, ...(route.method === 'get' ? handlers : [audit(route), ...handlers]));
  }
  router.use((_request, response) => sendProblem(response, 404, 'There is no such route.'));
  return router;
}

/** JSON in another encoding, or in none, would become names that nobody gave. */
function onlyUtf8(_request: unknown, _response: unknown, body: Buffer, charset: string): void {
  if (!/^utf-?8$/i.test(charset)) throw new ApiProblem(415, 'The body must be sent as UTF-8.');
  if (!isUtf8(body)) throw new ApiProblem(400, 'The body is not valid UTF-8.');
}

function guard(route: ApiRoute, viewerOf: ViewerOf): RequestHandler {
  return (request, response, next) => {
    const role = viewerOf(request)?.role;
    if (role === 'operator' || role === route.role) next();
    else sendProblem(response, 403, 'This requires a user with the role operator.');
  };
}

function serve(route: ApiRoute): RequestHandler {
  const ajv = new Ajv({ allErrors: true });
  const checkBody = route.body === undefined ? undefined : ajv.compile(route.body);
  const checks = route.parameters.map((parameter) => ({
    ...parameter,
    check: ajv.compile(parameter.schema),
  }));

  return async (request, response) => {
    const parameters: Record<string, string> = {};
    for (const { name, in: place, check, required, description } of checks) {
      const value = place === 'path' ? request.params[name] : request.query[name];
      if (value === undefined) {
        if (required !== true) continue;
        sendProblem(response, 400, `The parameter "${name}" is missing: ${description}.`);
        return;
      }
      if (typeof value !== 'string') {
        sendProblem(response, 400, `The parameter "${name}" is given more than once: give it once.`);
        return;
      }
      if (!check(value)) {
        sendProblem(
          response,
          400,
          `The parameter "${name}" ${ajv.errorsText(check.errors, { dataVar: 'it' })}.`,
        );
        return;
      }
      parameters[name] = value;
    }
    if (checkBody !== undefined && !checkBody(request.body)) {
      const problems = ajv.errorsText(checkBody.errors, { dataVar: 'the body' });
      sendProblem(response, 400, `${problems}.`);
      return;
    }
    try {
      const { status, body } = await route.handle({ parameters, body: request.body });
      response.status(status).set('Cache-Control', 'no-store').json(body);
    } catch (error) {
      if (error instanceof ApiProblem) sendProblem(response, error.status, error.message);
      else if (failureOf(error)?.kind === 'unavailable') {
        // Not the error's own text: it may name inner addresses.
        response.set('Retry-After', '5');
        sendProblem(response, 503, 'The queue, or a server that was asked, cannot be reached now.');
      } else throw error;
    }
  };
}
