import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Repository } from '../model/repository.js';
import { putObject } from '../operations/objects.js';
import { queryOf } from '../rest/query.js';
import type { World } from '../world.js';
import { dataOf, describeContent, onBranch } from './content.js';
import { S3Failure, sendXml, xml } from './xml.js';

/** Whether the request belongs to an upload in parts. */
export function isMultipart(req: IncomingMessage): boolean {
  const query = queryOf(req);
  return query.has('uploads') || query.has('uploadId');
}

/** Create, part, complete and abort. @throws S3Failure */
export async function handleMultipart(
  world: World,
  repository: Repository,
  req: IncomingMessage,
  res: ServerResponse,
  ref: string,
  key: string,
): Promise<void> {
  const query = queryOf(req);
  const address = [
    ['Bucket', repository.id],
    ['Key', `${ref}/${key}`],
  ] as const;
  const body = await buffer(req);
  if (query.has('uploads') && req.method === 'POST') {
    const uploadId = world.ids.next(world.now());
    onBranch(repository, ref, () =>
      world.uploads.set(uploadId, { ...describeContent(req), parts: new Map() }),
    );
    sendXml(req, res, 200, xml('InitiateMultipartUploadResult', [...address, ['UploadId', uploadId]]));
    return;
  }
  const uploadId = query.get('uploadId') ?? '';
  const upload = world.uploads.get(uploadId);
  if (upload === undefined) throw new S3Failure('NoSuchUpload');
  if (req.method === 'PUT') {
    const data = dataOf(req, body);
    upload.parts.set(Number(query.get('partNumber')), data);
    res.setHeader('ETag', `"${createHash('md5').update(data).digest('hex')}"`);
    sendXml(req, res, 200, '');
  } else if (req.method === 'POST') {
    world.uploads.delete(uploadId);
    const parts = [...upload.parts].sort(([left], [right]) => left - right);
    const data = Buffer.concat(parts.map(([, part]) => part));
    const entry = onBranch(repository, ref, () =>
      putObject(world, repository, ref, key, { ...upload, data }),
    );
    const etag = `"${entry.checksum}"`;
    sendXml(req, res, 200, xml('CompleteMultipartUploadResult', [...address, ['ETag', etag]]));
  } else if (req.method === 'DELETE') {
    world.uploads.delete(uploadId);
    sendXml(req, res, 204, '');
  } else {
    throw new S3Failure('NotImplemented');
  }
}
