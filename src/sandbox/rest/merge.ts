import type { Router } from 'express';
import { ApiFailure } from '../failure.js';
import { mergeBase, type Strategy } from '../model/merge.js';
import { merge } from '../operations/merge.js';
import { resolveOr } from '../operations/shared.js';
import type { World } from '../world.js';
import { sendJson } from './answer.js';
import { metadataOf, readJson, textOf } from './body.js';
import { handleIn } from './handle.js';

export function addMergeRoutes(router: Router, world: World): void {
  router
    .route('/repositories/:repository/refs/:source/merge/:destination')
    .get(
      handleIn(world, ({ res, param, repository }) => {
        const missing = (ref: string): string => `get commit by branch ${ref}: not found`;
        const source = resolveOr(repository, param('source'), missing(param('source'))).commit;
        const destination = resolveOr(repository, param('destination'), missing(param('destination'))).commit;
        // The real server answers with the two names swapped.
        sendJson(res, 200, {
          base_commit_id: mergeBase(repository, source, destination).id,
          source_commit_id: destination.id,
          destination_commit_id: source.id,
        });
      }),
    )
    .post(
      handleIn(world, async ({ req, res, param, repository }) => {
        const empty = req.headers['content-length'] === undefined || req.headers['content-length'] === '0';
        const noBody = empty && req.headers['transfer-encoding'] === undefined;
        const body = noBody ? {} : await readJson(req, 'Merge', { message: 'string', metadata: 'object' });
        const made = await merge(world, repository, param('source'), param('destination'), {
          message: textOf(body, 'message') ?? '',
          metadata: metadataOf(body),
          strategy: strategyOf(textOf(body, 'strategy') ?? ''),
          squash: body.squash_merge === true,
          allowEmpty: body.allow_empty === true || body.force === true,
        });
        sendJson(res, 200, { reference: made.id });
      }),
    );
}

function strategyOf(text: string): Strategy {
  if (text === '') return 'default';
  if (text === 'source-wins' || text === 'dest-wins') return text;
  throw new ApiFailure(400, 'argument strategy: invalid value: validation error');
}
