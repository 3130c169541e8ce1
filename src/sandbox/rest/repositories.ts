import type { Router } from 'express';
import { isRecord } from '../actions/parse.js';
import { ApiFailure } from '../failure.js';
import { isRepositoryName } from '../model/names.js';
import { makeRepository } from '../model/repository.js';
import { listPage } from '../operations/listing.js';
import type { World } from '../world.js';
import { pageJson, repositoryJson, sendJson, sendNothing } from './answer.js';
import { readAnyJson, readJson, textOf } from './body.js';
import { handle, handleIn } from './handle.js';
import { listOptionsOf } from './query.js';

const creation = {
  name: 'string!',
  storage_namespace: 'string!',
  default_branch: 'string',
  read_only: 'boolean',
} as const;

export function addRepositoryRoutes(router: Router, world: World): void {
  router
    .route('/repositories')
    .get(
      handle(({ res, query }) => {
        const search = query.get('search') ?? '';
        const items = [...world.repositories].filter(([id]) => id.includes(search)).sort(byName);
        const { page, more } = listPage(items, { ...listOptionsOf(query), delimiter: '' });
        const results = page.flatMap(({ item }) => (item === undefined ? [] : [repositoryJson(item)]));
        sendJson(res, 200, pageJson(results, more, page.at(-1)?.path ?? ''));
      }),
    )
    .post(
      handle(async ({ req, res }) => {
        const body = await readJson(req, 'RepositoryCreation', creation);
        const id = textOf(body, 'name') ?? '';
        const storageNamespace = textOf(body, 'storage_namespace') ?? '';
        refuseBadRepository(world, id, storageNamespace);
        const repository = makeRepository({
          id,
          storageNamespace,
          defaultBranch: textOf(body, 'default_branch') || 'main',
          readOnly: body.read_only === true,
          createdMs: world.now(),
        });
        world.usedNamespaces.add(storageNamespace);
        world.repositories.set(id, repository);
        sendJson(res, 201, repositoryJson(repository));
      }),
    );
  router
    .route('/repositories/:repository')
    .get(handleIn(world, ({ res, repository }) => sendJson(res, 200, repositoryJson(repository))))
    .delete(
      handleIn(world, ({ res, repository }) => {
        world.repositories.delete(repository.id);
        sendNothing(res);
      }),
    );
  router
    .route('/repositories/:repository/settings/branch_protection')
    .get(
      handleIn(world, ({ res, repository }) =>
        sendJson(
          res,
          200,
          repository.protectedBranches.map((pattern) => ({ pattern })),
        ),
      ),
    )
    .put(
      handleIn(world, async ({ req, res, repository }) => {
        const rules = await readAnyJson(req);
        repository.protectedBranches = (Array.isArray(rules) ? rules : []).flatMap((rule: unknown) =>
          isRecord(rule) && typeof rule.pattern === 'string' ? [rule.pattern] : [],
        );
        sendNothing(res);
      }),
    );
}

function refuseBadRepository(world: World, id: string, storageNamespace: string): void {
  if (!isRepositoryName(id)) {
    throw new ApiFailure(
      400,
      `request body has an error: doesn't match schema #/components/schemas/RepositoryCreation: Error at "/name": ` +
        `string doesn't match the regular expression "^[a-z0-9][a-z0-9-]{2,62}$"`,
    );
  }
  if (!storageNamespace.startsWith('local://')) {
    throw new ApiFailure(400, 'failed to match required regex ^local://: invalid namespace');
  }
  if (world.repositories.has(id)) throw new ApiFailure(409, 'error creating repository: not unique');
  if (world.usedNamespaces.has(storageNamespace)) {
    throw new ApiFailure(
      400,
      `failed to create repository: found lakeFS objects in the storage (:${storageNamespace}) ` +
        'key(_lakefs/dummy): storage namespace already in use',
    );
  }
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
