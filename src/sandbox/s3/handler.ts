import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { queryOf } from '../rest/query.js';
import type { World } from '../world.js';
import { listBuckets, listObjects } from './list.js';
import { handleMultipart, isMultipart } from './multipart-upload.js';
import { readKey } from './read.js';
import { deleteKey, deleteKeys, writeKey } from './write.js';
import { S3Failure, type S3Place, sendS3Failure, sendXml } from './xml.js';

const scheme = 'AWS4-HMAC-SHA256';

/** Whether lakeFS would hand the request to its S3 gateway. */
export function isS3Request(req: IncomingMessage): boolean {
  if (req.headers.authorization?.startsWith(scheme)) return true;
  return queryOf(req).get('X-Amz-Algorithm') === scheme;
}

/** The S3 gateway: path style, `/<repository>/<ref>/<key>`. The key must be the known one; signatures pass. */
export function makeS3Handler(world: World): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return async (req, res) => {
    const place = placeOf(req);
    try {
      const repository = world.repositories.get(place.bucket);
      const early = accessKeyOf(req) !== world.accessKeyId ? 'AccessDenied' : 'NoSuchBucket';
      if (early === 'AccessDenied' || (repository === undefined && place.bucket !== '')) {
        await buffer(req);
        // Refused before the gateway proper: another content type, no request id, no address in the text.
        req.headers.accept ??= '*/*';
        return sendS3Failure(req, res, new S3Failure(early));
      }
      res.setHeader('X-Amz-Request-Id', randomUUID());
      if (repository === undefined) return listBuckets(world, req, res);
      const { ref, key } = place;
      if (ref === undefined) {
        if (req.method === 'POST' && queryOf(req).has('delete'))
          return await deleteKeys(repository, req, res);
        if (req.method === 'HEAD') return sendXml(req, res, 200, '');
        if (req.method === 'GET') return listObjects(repository, req, res);
      } else if (req.method === 'GET' || req.method === 'HEAD') {
        return key === undefined ? sendXml(req, res, 404, '') : readKey(repository, req, res, ref, key);
      } else if (key !== undefined && isMultipart(req)) {
        return await handleMultipart(world, repository, req, res, ref, key);
      } else if (key !== undefined && req.method === 'PUT') {
        return await writeKey(world, repository, req, res, ref, key);
      } else if (key !== undefined && req.method === 'DELETE') {
        return deleteKey(repository, req, res, ref, key);
      }
      await buffer(req);
      throw new S3Failure('NotImplemented');
    } catch (error) {
      sendS3Failure(req, res, error instanceof S3Failure ? error : new S3Failure('InternalError'), place);
    }
  };
}

function placeOf(req: IncomingMessage): S3Place {
  const [path = ''] = (req.url ?? '').split('?', 1);
  const [bucket = '', ref, ...key] = path.slice(1).split('/').map(decodeURIComponent);
  return {
    bucket,
    ...(ref !== undefined && ref !== '' && { ref }),
    ...(key.length > 0 && { key: key.join('/') }),
  };
}

function accessKeyOf(req: IncomingMessage): string | undefined {
  const text = req.headers.authorization ?? `Credential=${queryOf(req).get('X-Amz-Credential') ?? ''}`;
  return /Credential=([^/,]+)\//.exec(text)?.[1];
}
