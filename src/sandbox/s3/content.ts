import type { IncomingMessage } from 'node:http';
import { ApiFailure } from '../failure.js';
import type { NewEntry } from '../model/entry.js';
import { isBranchName } from '../model/names.js';
import type { Repository } from '../model/repository.js';
import { metadataHeaders } from '../rest/body.js';
import { S3Failure } from './xml.js';

/** The data of an upload's body, taken out of `aws-chunked` where the client sends that. */
export function dataOf(req: IncomingMessage, body: Buffer): Buffer {
  const chunked = String(req.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  return chunked ? decodeAwsChunked(body) : body;
}

/** Content type and user metadata from the headers of an upload. */
export function describeContent(req: IncomingMessage): Omit<NewEntry, 'data'> {
  return {
    contentType: req.headers['content-type'] ?? 'application/octet-stream',
    metadata: metadataHeaders(req, 'x-amz-meta-'),
  };
}

/** The statuses differ by what the ref is: a commit id 404, a name that no branch can have 500. */
export function onBranch<T>(repository: Repository, ref: string, work: () => T): T {
  if (!isBranchName(ref)) throw new S3Failure('InternalError');
  if (!repository.branches.has(ref)) throw new S3Failure('NoSuchBucket');
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 403) throw new S3Failure('AccessDenied');
    throw error;
  }
}

/** Takes the data out of an `aws-chunked` body; signatures and trailers are dropped. */
export function decodeAwsChunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) break;
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (!(size > 0)) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
