import type { Router } from 'express';
import { ApiFailure } from '../failure.js';
import { isBranchName } from '../model/names.js';
import { createBranch, deleteBranch, hardReset, resetStaged } from '../operations/branches.js';
import { listPage } from '../operations/listing.js';
import { branchOf } from '../operations/shared.js';
import type { World } from '../world.js';
import { pageJson, sendJson, sendNothing } from './answer.js';
import { readJson, textOf } from './body.js';
import { handleIn } from './handle.js';
import { isTrue, listOptionsOf } from './query.js';

export function addBranchRoutes(router: Router, world: World): void {
  router
    .route('/repositories/:repository/branches')
    .get(
      handleIn(world, ({ res, query, repository }) => {
        const hidden = isTrue(query, 'show_hidden');
        const items = [...repository.branches]
          .filter(([, branch]) => hidden || !branch.hidden)
          .sort(([left], [right]) => (left < right ? -1 : 1));
        const { page, more } = listPage(items, { ...listOptionsOf(query), delimiter: '' });
        const results = page.map(({ path, item }) => ({ id: path, commit_id: item?.head }));
        sendJson(res, 200, pageJson(results, more, page.at(-1)?.path ?? ''));
      }),
    )
    .post(
      handleIn(world, async ({ req, res, repository }) => {
        const body = await readJson(req, 'BranchCreation', {
          name: 'string!',
          source: 'string!',
          hidden: 'boolean',
        });
        const id = await createBranch(world, repository, {
          name: textOf(body, 'name') ?? '',
          source: textOf(body, 'source') ?? '',
          hidden: body.hidden === true,
        });
        res.statusCode = 201;
        res.setHeader('Content-Type', 'text/plain; charset=utf-8');
        res.end(id);
      }),
    );
  router
    .route('/repositories/:repository/branches/:branch')
    .get(
      handleIn(world, ({ res, param, repository }) => {
        if (!isBranchName(param('branch'))) {
          throw new ApiFailure(400, 'argument branch: branch id: invalid value: validation error');
        }
        const branch = branchOf(repository, param('branch'));
        sendJson(res, 200, { id: branch.name, commit_id: branch.head });
      }),
    )
    .delete(
      handleIn(world, async ({ res, param, repository }) => {
        await deleteBranch(world, repository, param('branch'));
        sendNothing(res);
      }),
    )
    .put(
      handleIn(world, async ({ req, res, param, repository }) => {
        const body = await readJson(req, 'ResetCreation', { type: 'string!', path: 'string' });
        resetStaged(repository, param('branch'), textOf(body, 'type') ?? '', textOf(body, 'path') ?? '');
        sendNothing(res);
      }),
    );
  router.put(
    '/repositories/:repository/branches/:branch/hard_reset',
    handleIn(world, ({ res, param, query, repository }) => {
      hardReset(repository, param('branch'), query.get('ref') ?? '');
      sendNothing(res);
    }),
  );
}
