import type { RequestHandler } from 'express';
import type { AddressOf } from '../server/client-address.js';
import type { ViewerOf } from '../server/login.js';
import type { Log } from '../telemetry/log.js';
import type { ApiRoute } from './route.js';

/**
 * Returns what makes, for a route that changes something, the handler that leaves one line in the log once it is
 * answered: who asked for what, from where, and what was answered, refusals included.
 */
export function createAudit({
  viewerOf,
  addressOf,
  log,
}: {
  readonly viewerOf: ViewerOf;
  readonly addressOf: AddressOf;
  readonly log: Log;
}): (route: ApiRoute) => RequestHandler {
  return (route) => (request, response, next) => {
    const from = addressOf(request);
    response.once('close', () => {
      const viewer = viewerOf(request);
      log.info(
        {
          ...{ user: viewer?.name, role: viewer?.role, by: viewer?.by, from },
          call: `${route.method.toUpperCase()} ${route.path}`,
          // A body that was refused may hold anything.
          ...(response.statusCode < 400 && { asked: outline(request.body) }),
          status: response.statusCode,
        },
        'API action',
      );
    });
    next();
  };
}

/** The fields of a body that was accepted, lists by their length. */
function outline(body: unknown): object {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value.length : value]),
  );
}
