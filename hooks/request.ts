import type { IncomingMessage } from 'node:http';
import { parse } from 'content-type';
import { type Refusal, refusals } from './answers.js';

/** The largest body that is read, in bytes. An event with the biggest metadata that lakeFS takes is far smaller. */
export const bodyLimit = 1024 * 1024;

/** Refuses by the request line and headers alone what would have to be refused after reading. */
export function checkHead(request: IncomingMessage): Refusal | undefined {
  const { headers } = request;
  return (
    checkTarget(request) ??
    (Number(headers['content-length']) > bodyLimit ? refusals.tooLarge : undefined) ??
    checkContentType(request) ??
    (headers['content-encoding'] === undefined ? undefined : refusals.encoding)
  );
}

/**
 * Refuses a request that names two hosts, which a proxy in front may read otherwise than we do (RFC 9112, 3.2). Node
 * keeps the first of several Host headers and ignores the host of an address in the request line.
 */
export function checkTarget(request: IncomingMessage): Refusal | undefined {
  if (headerValues(request, 'host').length > 1) return refusals.doubledHost;
  const { url = '' } = request;
  if (url.startsWith('/')) return undefined;
  const named = URL.canParse(url) ? new URL(url).host : undefined;
  return named !== undefined && named === request.headers.host?.toLowerCase()
    ? undefined
    : refusals.foreignTarget;
}

/**
 * lakeFS adds its own Content-Type to one that the action file spells otherwise (`content-type: …`) and sends
 * both, in an order that varies. Node keeps the first, so all are checked and one of them must be JSON.
 */
function checkContentType(request: IncomingMessage): Refusal | undefined {
  if (request.headers['content-type'] === 'application/json') return undefined;
  const json = headerValues(request, 'content-type').map(readJsonType);
  if (json.includes('utf-8')) return undefined;
  return json.includes('other charset') ? refusals.charset : refusals.contentType;
}

/**
 * A proxy may have joined two headers to `text/plain, application/json`. Only what stands before the first
 * parameter counts: `text/plain;x=,application/json` is plain text to a browser, which lets any page send it here.
 */
function readJsonType(value: string): 'utf-8' | 'other charset' | undefined {
  const { type, parameters } = parse(value);
  if (!type.split(',').some((one) => one.trim() === 'application/json')) return undefined;
  const { charset } = parameters;
  return charset === undefined || /^utf-?8$/i.test(charset) ? 'utf-8' : 'other charset';
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

/**
 * Reads a request's body as bytes. Settles with `too-large` as soon as more than `limit` bytes have come, and
 * with `gone` where the client left (the server's requestTimeout also ends that way). Never rejects.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too-large' | 'gone'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    function settle(result: Buffer | 'too-large' | 'gone'): void {
      request.off('data', take).off('end', finish).off('close', leave);
      resolve(result);
    }
    function take(chunk: Buffer): void {
      length += chunk.length;
      if (length > limit) settle('too-large');
      else chunks.push(chunk);
    }
    function finish(): void {
      const [first] = chunks;
      settle(chunks.length === 1 && first ? first : Buffer.concat(chunks, length));
    }
    function leave(): void {
      settle('gone');
    }
    request.on('data', take).on('end', finish).on('close', leave).on('error', leave);
  });
}
