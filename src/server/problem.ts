import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';

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
