import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { NewEntry } from '../model/entry.js';
import type { Repository } from '../model/repository.js';
import { putObject, removeObject } from '../operations/objects.js';
import type { World } from '../world.js';
import { dataOf, describeContent, onBranch } from './content.js';
import { findEntry } from './read.js';
import { S3Failure, sendXml, xml } from './xml.js';

/** PUT of an object, from the body or as a copy of another. @throws S3Failure */
export async function writeKey(
  world: World,
  repository: Repository,
  req: IncomingMessage,
  res: ServerResponse,
  ref: string,
  key: string,
): Promise<void> {
  const content = await contentOf(world, req);
  const entry = onBranch(repository, ref, () => putObject(world, repository, ref, key, content));
  const etag = `"${entry.checksum}"`;
  if (req.headers['x-amz-copy-source'] !== undefined) {
    const time = new Date(entry.mtimeMs).toISOString();
    const document = xml('CopyObjectResult', [
      ['LastModified', time],
      ['ETag', etag],
    ]);
    return sendXml(req, res, 200, document);
  }
  res.setHeader('ETag', etag);
  sendXml(req, res, 200, '');
}

export function deleteKey(
  repository: Repository,
  req: IncomingMessage,
  res: ServerResponse,
  ref: string,
  key: string,
): void {
  onBranch(repository, ref, () => removeObject(repository, ref, key));
  sendXml(req, res, 204, '');
}

/** `POST /<repository>?delete`: keys begin with their ref. */
export async function deleteKeys(
  repository: Repository,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const text = (await buffer(req)).toString();
  const keys = [...text.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key]) => unescapeXml(key ?? ''));
  for (const key of keys) {
    const slash = key.indexOf('/');
    const ref = key.slice(0, slash);
    onBranch(repository, ref, () => removeObject(repository, ref, key.slice(slash + 1)));
  }
  const deleted = keys.map((key) => ['Deleted', [['Key', key]]] as const);
  sendXml(req, res, 200, xml('DeleteResult', deleted));
}

async function contentOf(world: World, req: IncomingMessage): Promise<NewEntry> {
  const raw = await buffer(req);
  const source = req.headers['x-amz-copy-source'];
  if (typeof source === 'string') {
    const [bucket = '', ref = '', ...key] = decodeURIComponent(source).replace(/^\//, '').split('/');
    const from = world.repositories.get(bucket);
    if (from === undefined) throw new S3Failure('NoSuchBucket');
    return findEntry(from, ref, key.join('/'));
  }
  return { ...describeContent(req), data: dataOf(req, raw) };
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
