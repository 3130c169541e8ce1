import type { IncomingMessage } from 'node:http';
import { type Refusal, refusals } from './answers.js';

/** The largest body that is read, in bytes. An event with the biggest metadata that lakeFS takes is far smaller. */
export const bodyLimit = 1024 * 1024;

/** Refuses by the headers alone what would have to be refused after reading. */
export function checkHeaders(request: IncomingMessage): Refusal | undefined {
  const { headers } = request;
  if (Number(headers['content-length']) > bodyLimit) return refusals.tooLarge;
  if (!isJson(request)) return refusals.contentType;
  if (headers['content-encoding'] !== undefined) return refusals.encoding;
  return undefined;
}

/**
 * lakeFS adds its own Content-Type to one that the action file spells otherwise (`content-type: …`) and sends
 * both, in an order that varies. Node keeps the first, so all are looked at and one of them must be JSON.
 */
function isJson(request: IncomingMessage): boolean {
  const single = request.headers['content-type'];
  if (single === undefined) return false;
  if (single === 'application/json') return true;
  return headerValues(request, 'content-type')
    .flatMap((value) => value.split(','))
    .some((value) => value.split(';', 1)[0]?.trim().toLowerCase() === 'application/json');
}

/** Every value of a header in the order sent: Node drops or joins doubles in `headers`. `name` in lower case. */
export function headerValues(request: IncomingMessage, name: string): string[] {
  const { rawHeaders } = request;
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const key = rawHeaders[i];
    if (key?.length === name.length && key.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '');
  }
  return values;
}
