import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from '../model/entry.js';
import { treeOf } from '../model/refs.js';
import type { Repository } from '../model/repository.js';
import type { Tree } from '../model/tree.js';
import { type Listed, listPage, treeItems } from '../operations/listing.js';
import { queryOf } from '../rest/query.js';
import type { World } from '../world.js';
import { S3Failure, sendXml, type XmlField, xml } from './xml.js';

export function listBuckets(world: World, req: IncomingMessage, res: ServerResponse): void {
  const buckets = [...world.repositories.values()]
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    .map((repository): XmlField => {
      const created = new Date(repository.createdMs).toISOString();
      return [
        'Bucket',
        [
          ['CreationDate', created],
          ['Name', repository.id],
        ],
      ];
    });
  const owner: XmlField = [
    'Owner',
    [
      ['DisplayName', ''],
      ['ID', ''],
    ],
  ];
  sendXml(req, res, 200, xml('ListAllMyBucketsResult', [['Buckets', buckets], owner]));
}

/** ListObjectsV2 and V1, and GetBucketLocation. @throws S3Failure */
export function listObjects(repository: Repository, req: IncomingMessage, res: ServerResponse): void {
  const query = queryOf(req);
  if (query.has('location')) {
    const name = 'LocationConstraint';
    sendXml(req, res, 200, `<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></${name}>`);
    return;
  }
  const second = query.get('list-type') === '2';
  const token = query.get(second ? 'continuation-token' : 'marker') ?? '';
  const request: ListRequest = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    after: token || (query.get('start-after') ?? ''),
    amount: Math.min(Number(query.get('max-keys') ?? 1000), 1000),
  };
  const { page, more, last } = request.prefix.includes('/')
    ? objectsPage(repository, request)
    : branchesPage(repository, request);
  const fields: XmlField[] = [
    ['Name', repository.id],
    ['IsTruncated', String(more)],
    ['Prefix', request.prefix],
  ];
  if (request.delimiter !== '') fields.push(['Delimiter', request.delimiter]);
  fields.push(['KeyCount', page.length], ['MaxKeys', request.amount]);
  const keys = page.flatMap(({ path, item }) => (item === undefined ? [] : [contents(path, item)]));
  const folders = page.filter(({ item }) => item === undefined);
  const prefixes = folders.map(({ path }): XmlField => ['CommonPrefixes', [['Prefix', path]]]);
  const next: XmlField[] = more ? [[second ? 'NextContinuationToken' : 'NextMarker', last]] : [];
  if (!second) next.push(['Marker', token]);
  else if (token !== '') next.push(['ContinuationToken', token]);
  const isBranches = !request.prefix.includes('/');
  fields.push(...(isBranches ? [...prefixes, ...next] : [...next, ...prefixes, ...keys]));
  sendXml(req, res, 200, xml('ListBucketResult', fields));
}

interface ListRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly after: string;
  readonly amount: number;
}

interface Page {
  readonly page: readonly Listed<Entry>[];
  readonly more: boolean;
  readonly last: string;
}

/** Keys carry their ref in front, exactly as it was asked for. */
function objectsPage(repository: Repository, request: ListRequest): Page {
  const slash = request.prefix.indexOf('/');
  const ref = request.prefix.slice(0, slash);
  let tree: Tree;
  try {
    tree = treeOf(repository, ref);
  } catch {
    throw new S3Failure('BadRequest');
  }
  const front = `${ref}/`;
  const prefix = request.prefix.slice(slash + 1);
  const after = request.after.startsWith(front) ? request.after.slice(front.length) : '';
  const { page, more } = listPage(treeItems(tree, prefix), { ...request, prefix, after });
  const named = page.map(({ path, item }) => ({ path: front + path, item }));
  return { page: named, more, last: named.at(-1)?.path ?? '' };
}

/** Without a ref in the prefix the branches are listed: neither tags nor hidden ones. */
function branchesPage(repository: Repository, request: ListRequest): Page {
  const names = [...repository.branches.values()]
    .filter((branch) => !branch.hidden && branch.name.startsWith(request.prefix))
    .map((branch) => branch.name)
    .sort()
    .filter((name) => name > request.after);
  const shown = names.slice(0, request.amount);
  const page = shown.map((name) => ({ path: `${name}/`, item: undefined }));
  return { page, more: names.length > shown.length, last: shown.at(-1) ?? '' };
}

function contents(path: string, entry: Entry): XmlField {
  return [
    'Contents',
    [
      ['Key', path],
      ['LastModified', new Date(entry.mtimeMs).toISOString()],
      ['ETag', `"${entry.checksum}"`],
      ['Size', entry.sizeBytes],
      ['StorageClass', 'STANDARD'],
    ],
  ];
}
