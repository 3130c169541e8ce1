import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from '../model/entry.js';
import { entryAt } from '../model/refs.js';
import type { Repository } from '../model/repository.js';
import { parseRange, sendBytes } from '../rest/send-object.js';
import { S3Failure } from './xml.js';

/** GET and HEAD of an object. @throws S3Failure */
export function readKey(
  repository: Repository,
  req: IncomingMessage,
  res: ServerResponse,
  ref: string,
  key: string,
): void {
  const entry = findEntry(repository, ref, key);
  const etag = `"${entry.checksum}"`;
  const match = req.headers['if-match'];
  if (match !== undefined && match !== '*' && !match.includes(entry.checksum)) {
    throw new S3Failure('PreconditionFailed');
  }
  res.setHeader('Accept-Ranges', 'bytes');
  res.setHeader('Content-Security-Policy', "default-src 'none'");
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('X-Frame-Options', 'SAMEORIGIN');
  res.setHeader('ETag', etag);
  res.setHeader('Last-Modified', new Date(entry.mtimeMs).toUTCString());
  res.setHeader('Content-Type', entry.contentType);
  for (const [name, value] of Object.entries(entry.metadata))
    res.setHeader(`X-Amz-Meta-${title(name)}`, value);
  const none = req.headers['if-none-match'];
  if (none?.includes(entry.checksum)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  const range = parseRange(req.headers.range, entry.sizeBytes);
  if (range === 'unsatisfiable') throw new S3Failure('InvalidRange');
  sendBytes(res, entry, range);
}

/** An unknown ref and a missing key look the same here. @throws S3Failure */
export function findEntry(repository: Repository, ref: string, key: string): Entry {
  let entry: Entry | undefined;
  try {
    entry = entryAt(repository, ref, key);
  } catch {
    entry = undefined;
  }
  if (entry === undefined) throw new S3Failure('NoSuchKey');
  return entry;
}

function title(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (match) => match.toUpperCase());
}
