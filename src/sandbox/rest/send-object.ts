import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from '../model/entry.js';
import { sendJson } from './answer.js';

/** Answers GET and HEAD of an object with lakeFS's headers, ranges and `If-None-Match`. */
export function sendObject(req: IncomingMessage, res: ServerResponse, entry: Entry): void {
  const etag = `"${entry.checksum}"`;
  if (req.headers['if-none-match'] === etag) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.setHeader('ETag', etag);
  res.setHeader('Cache-Control', 'no-store, must-revalidate');
  res.setHeader('Expires', '0');
  res.setHeader('Last-Modified', new Date(entry.mtimeMs).toUTCString());
  if (req.method === 'HEAD') {
    res.setHeader('Accept-Ranges', 'bytes');
    res.setHeader('Content-Type', entry.contentType);
    res.setHeader('Content-Length', entry.sizeBytes);
    res.end();
    return;
  }
  res.setHeader('Content-Disposition', 'attachment');
  res.setHeader('Content-Security-Policy', "default-src 'none'");
  res.setHeader('X-Frame-Options', 'SAMEORIGIN');
  const range = parseRange(req.headers.range, entry.sizeBytes);
  if (range === 'unsatisfiable') {
    res.setHeader('Content-Range', `bytes */${entry.sizeBytes}`);
    sendJson(res, 416, { message: 'Requested Range Not Satisfiable' });
    return;
  }
  res.setHeader('Content-Type', entry.contentType);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  sendBytes(res, entry, range);
}

/** Sends the object, or one range of it with 206. */
export function sendBytes(res: ServerResponse, entry: Entry, range: Range | undefined): void {
  if (range !== undefined) {
    res.statusCode = 206;
    res.setHeader('Content-Range', `bytes ${range.first}-${range.last}/${entry.sizeBytes}`);
  }
  const data = range === undefined ? entry.data : entry.data.subarray(range.first, range.last + 1);
  res.setHeader('Content-Length', data.length);
  res.end(data);
}

/** Both ends are included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a `Range` header with one range of bytes, both ends included. Undefined: answer with everything, as
 * for a missing header or one that makes no sense.
 */
export function parseRange(header: string | undefined, size: number): Range | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from === '') {
    const count = Math.min(Number(to), size);
    return count === 0 ? 'unsatisfiable' : { first: size - count, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size) return 'unsatisfiable';
  return last < first ? undefined : { first, last };
}
