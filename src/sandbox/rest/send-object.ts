import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from '../model/entry.js';
import { sendJson } from './answer.js';
import { parseRange } from './range.js';

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
  if (range !== undefined) {
    res.statusCode = 206;
    res.setHeader('Content-Range', `bytes ${range.first}-${range.last}/${entry.sizeBytes}`);
  }
  const data = range === undefined ? entry.data : entry.data.subarray(range.first, range.last + 1);
  res.setHeader('Content-Length', data.length);
  res.end(data);
}
