import { buffer } from 'node:stream/consumers';
import type { Router } from 'express';
import { ApiFailure, notFound } from '../failure.js';
import { RefInvalid, RefNotFound, treeOf } from '../model/refs.js';
import type { Tree } from '../model/tree.js';
import { listPage, treeItems } from '../operations/listing.js';
import { putObject, readObject, removeObject } from '../operations/objects.js';
import type { World } from '../world.js';
import { objectJson, pageJson, sendJson, sendNothing } from './answer.js';
import { metadataHeaders, parseMultipart, readJson } from './body.js';
import { handleIn, type RepositoryCall } from './handle.js';
import { isTrue, listOptionsOf, pathOf } from './query.js';
import { sendObject } from './send-object.js';

export function addObjectRoutes(router: Router, world: World): void {
  router
    .route('/repositories/:repository/branches/:branch/objects')
    .post(handleIn(world, (call) => upload(world, call)))
    .delete(
      handleIn(world, ({ res, param, query, repository }) => {
        removeObject(repository, param('branch'), pathOf(query));
        sendNothing(res);
      }),
    );
  router.post(
    '/repositories/:repository/branches/:branch/objects/delete',
    handleIn(world, async ({ req, res, param, repository }) => {
      const { paths } = await readJson(req, 'PathList', { paths: 'array!' });
      for (const path of Array.isArray(paths) ? paths : []) {
        removeObject(repository, param('branch'), String(path));
      }
      sendJson(res, 200, { errors: [] });
    }),
  );
  router.get(
    '/repositories/:repository/refs/:ref/objects/ls',
    handleIn(world, (call) => list(call)),
  );
  router.get(
    '/repositories/:repository/refs/:ref/objects/stat',
    handleIn(world, ({ res, param, query, repository }) => {
      const path = pathOf(query);
      sendJson(res, 200, objectJson(path, readObject(repository, param('ref'), path)));
    }),
  );
  router.head(
    '/repositories/:repository/refs/:ref/objects',
    handleIn(world, ({ req, res, param, query, repository }) => {
      try {
        sendObject(req, res, readObject(repository, param('ref'), pathOf(query)));
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        sendNothing(res, error.status);
      }
    }),
  );
  router.get(
    '/repositories/:repository/refs/:ref/objects',
    handleIn(world, ({ req, res, param, query, repository }) => {
      const entry = readObject(repository, param('ref'), pathOf(query));
      if (isTrue(query, 'presign')) {
        throw new ApiFailure(400, 'local adapter presigned URL: operation not supported');
      }
      sendObject(req, res, entry);
    }),
  );
}

async function upload(world: World, { req, res, param, query, repository }: RepositoryCall): Promise<void> {
  const path = pathOf(query);
  const contentType = req.headers['content-type'] ?? 'application/octet-stream';
  const body = await buffer(req);
  const multipart = contentType.startsWith('multipart/form-data');
  const part = multipart
    ? parseMultipart(body, contentType).find(({ name }) => name === 'content')
    : undefined;
  if (multipart && part === undefined) throw new ApiFailure(400, "multipart upload missing key 'content'");
  const match = req.headers['if-match']?.replaceAll('"', '');
  const entry = putObject(
    world,
    repository,
    param('branch'),
    path,
    {
      data: part?.data ?? body,
      contentType: multipart ? (part?.contentType ?? 'application/octet-stream') : contentType,
      metadata: metadataHeaders(req, 'x-lakefs-meta-'),
    },
    {
      onlyIfAbsent: req.headers['if-none-match'] === '*',
      ...(match !== undefined && { onlyIfChecksum: match }),
    },
  );
  sendJson(res, 201, objectJson(path, entry));
}

function list({ res, param, query, repository }: RepositoryCall): void {
  const options = listOptionsOf(query);
  let tree: Tree;
  try {
    tree = treeOf(repository, param('ref'));
  } catch (error) {
    if (error instanceof RefNotFound) throw notFound();
    if (error instanceof RefInvalid) throw new ApiFailure(400, error.message);
    throw error;
  }
  const { page, more } = listPage(treeItems(tree, options.prefix), options);
  const results = page.map(({ path, item }) => {
    if (item === undefined) {
      return { path, path_type: 'common_prefix', physical_address: '', checksum: '', mtime: 0 };
    }
    const { metadata, ...rest } = objectJson(path, item);
    const shown = query.get('user_metadata') !== 'false' && Object.keys(item.metadata).length > 0;
    return shown ? { ...rest, metadata } : rest;
  });
  sendJson(res, 200, pageJson(results, more, page.at(-1)?.path ?? ''));
}
