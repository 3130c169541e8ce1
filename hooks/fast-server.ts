import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import express, { type Express } from 'express';

/** In ms. */
export interface ServerLimits {
  /** A request, headers and body, must be complete within this. */
  readonly requestTimeoutMs: number;
  /** How often this is checked. */
  readonly checkIntervalMs: number;
}

const defaultLimits: ServerLimits = { requestTimeoutMs: 30_000, checkIntervalMs: 1_000 };

/**
 * An HTTP server for an express app. For each request express re-parents the request and response objects onto
 * its own prototypes, after which V8 runs both de-optimised: that is more than half of what a small request
 * costs (https://github.com/expressjs/express/issues/5998). Here they are made with these prototypes, and
 * express's call finds nothing to change. Call it after everything is mounted.
 *
 * Idle connections are kept for 95 s: Go's client reuses them for 90 s, and loses a POST that it sends into a
 * connection which the server has just closed.
 */
export function createFastServer(app: Express, limits: ServerLimits = defaultLimits): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse<AppRequest> {}
  adopt(app, 'request', AppRequest.prototype, express.request);
  adopt(app, 'response', AppResponse.prototype, express.response);
  return createServer(
    {
      IncomingMessage: AppRequest,
      ServerResponse: AppResponse,
      keepAliveTimeout: 95_000,
      // Counted from a request's first byte, so it need not exceed keepAliveTimeout; Node refuses more than this.
      headersTimeout: limits.requestTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      maxHeaderSize: 16 * 1024,
    },
    app,
  );
}

function adopt(app: Express, name: 'request' | 'response', prototype: object, parts: object): void {
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(parts));
  Object.defineProperty(prototype, 'app', { configurable: true, writable: true, value: app });
  Object.defineProperty(app, name, {
    configurable: true,
    enumerable: true,
    writable: true,
    value: prototype,
  });
}
