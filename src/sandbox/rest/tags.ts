import type { Router } from 'express';
import { ApiFailure, notFound } from '../failure.js';
import { isTagName } from '../model/names.js';
import { listPage } from '../operations/listing.js';
import { createTag, deleteTag } from '../operations/tags.js';
import type { World } from '../world.js';
import { pageJson, sendJson, sendNothing } from './answer.js';
import { readJson, textOf } from './body.js';
import { handleIn } from './handle.js';
import { listOptionsOf } from './query.js';

export function addTagRoutes(router: Router, world: World): void {
  router
    .route('/repositories/:repository/tags')
    .get(
      handleIn(world, ({ res, query, repository }) => {
        const items = [...repository.tags].sort(([left], [right]) => (left < right ? -1 : 1));
        const { page, more } = listPage(items, { ...listOptionsOf(query), delimiter: '' });
        const results = page.map(({ path, item }) => ({ id: path, commit_id: item }));
        sendJson(res, 200, pageJson(results, more, page.at(-1)?.path ?? ''));
      }),
    )
    .post(
      handleIn(world, async ({ req, res, repository }) => {
        const body = await readJson(req, 'TagCreation', { id: 'string!', ref: 'string!' });
        const id = textOf(body, 'id') ?? '';
        const commitId = await createTag(world, repository, id, textOf(body, 'ref') ?? '');
        sendJson(res, 201, { id, commit_id: commitId });
      }),
    );
  router
    .route('/repositories/:repository/tags/:tag')
    .get(
      handleIn(world, ({ res, param, repository }) => {
        if (!isTagName(param('tag'))) {
          throw new ApiFailure(400, 'argument tagID: tag id: invalid value: validation error');
        }
        const commitId = repository.tags.get(param('tag'));
        if (commitId === undefined) throw notFound('tag not found');
        sendJson(res, 200, { id: param('tag'), commit_id: commitId });
      }),
    )
    .delete(
      handleIn(world, async ({ res, param, repository }) => {
        await deleteTag(world, repository, param('tag'));
        sendNothing(res);
      }),
    );
}
