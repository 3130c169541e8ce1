import type { IncomingMessage } from 'node:http';
import { ApiFailure } from '../failure.js';
import type { NewEntry } from '../model/entry.js';
import { isBranchName } from '../model/names.js';
import type { Repository } from '../model/repository.js';
import { decodeAwsChunked } from './chunked.js';
import { S3Failure } from './xml.js';

/** The data of an upload's body, taken out of `aws-chunked` where the client sends that. */
export function dataOf(req: IncomingMessage, body: Buffer): Buffer {
  const chunked = String(req.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  return chunked ? decodeAwsChunked(body) : body;
}

/** Content type and user metadata from the headers of an upload. */
export function describeContent(req: IncomingMessage): Omit<NewEntry, 'data'> {
  const metadata = Object.entries(req.headers)
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .map(([name, value]): [string, string] => [name.slice('x-amz-meta-'.length), String(value)]);
  return {
    contentType: req.headers['content-type'] ?? 'application/octet-stream',
    metadata: Object.fromEntries(metadata),
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
