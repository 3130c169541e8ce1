import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Log } from '../telemetry/log.js';

/** Answers with an RFC 9457 problem. The detail is sent to the caller, so it must not reveal internals. */
export function sendProblem(response: Response, status: number, detail?: string): void {
  const title = STATUS_CODES[status] ?? 'Error';
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({ type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) }),
    );
}

/**
 * The last handler. Express's own page shows the stack unless NODE_ENV is `production`; this one logs the error and tells
 * the caller only the status, and the message where the error says that it is meant for callers.
 */
export function createErrorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const status = statusOf(error);
    if (status >= 500) {
      log.error({ err: error, method: request.method, path: request.path }, 'request failed');
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, status, status < 500 ? exposedText(error) : undefined);
  };
}

export const notFound: RequestHandler = (_request, response) => {
  response.status(404).type('text/plain').send('Not found\n');
};

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : 500;
}

function exposedText(error: unknown): string | undefined {
  return error instanceof Error && 'expose' in error && error.expose === true ? error.message : undefined;
}
