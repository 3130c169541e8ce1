import type { Router } from 'express';
import { type Difference, diffThreeDot, diffTwoDot } from '../model/diff.js';
import { mergeBase } from '../model/merge.js';
import type { Repository } from '../model/repository.js';
import { headOf } from '../model/repository.js';
import { listPage } from '../operations/listing.js';
import { branchOf, resolveOr } from '../operations/shared.js';
import type { World } from '../world.js';
import { pageJson, sendJson } from './answer.js';
import { handleIn, type RepositoryCall } from './handle.js';
import { isTrue, listOptionsOf, wordOf } from './query.js';

export function addDiffRoutes(router: Router, world: World): void {
  router.get(
    '/repositories/:repository/refs/:left/diff/:right',
    handleIn(world, (call) => {
      const { repository, param, query } = call;
      const type = wordOf(query, 'type', ['two_dot', 'three_dot'], 'three_dot');
      const options = listOptionsOf(query);
      const left = committed(repository, param('left'));
      const right = committed(repository, param('right'));
      const differences =
        type === 'two_dot'
          ? diffTwoDot(left.tree, right.tree)
          : diffThreeDot(mergeBase(repository, left, right).tree, left.tree, right.tree);
      sendDifferences(call, differences, options);
    }),
  );
  router.get(
    '/repositories/:repository/branches/:branch/diff',
    handleIn(world, (call) => {
      const { repository, param, query } = call;
      const branch = branchOf(repository, param('branch'));
      const head = headOf(repository, branch).tree;
      const differences = diffTwoDot(head, head.with(branch.staged)).map((one) =>
        // An uncommitted removal has lost its size.
        one.type === 'removed' ? { ...one, entry: undefined } : one,
      );
      sendDifferences(call, differences, listOptionsOf(query));
    }),
  );
}

function committed(repository: Repository, ref: string) {
  return resolveOr(repository, ref, `get commit by branch ${ref}: not found`).commit;
}

function sendDifferences(
  { res, query }: RepositoryCall,
  differences: readonly Difference[],
  options: Parameters<typeof listPage>[1],
): void {
  const stats = isTrue(query, 'include_right_stats');
  const items = differences.map((one) => [one.path, one] as const);
  const { page, more } = listPage(items, options);
  const results = page.map(({ path, item }) =>
    item === undefined
      ? { type: 'prefix_changed', path, path_type: 'common_prefix' }
      : differenceJson(item, stats),
  );
  sendJson(res, 200, pageJson(results, more, page.at(-1)?.path ?? ''));
}

function differenceJson({ path, type, entry }: Difference, stats: boolean): Record<string, unknown> {
  return {
    type,
    path,
    path_type: 'object',
    size_bytes: entry?.sizeBytes ?? 0,
    ...(stats &&
      entry !== undefined && {
        right: {
          checksum: entry.checksum,
          mtime: Math.floor(entry.mtimeMs / 1000),
          content_type: entry.contentType,
          metadata: entry.metadata,
        },
      }),
  };
}
