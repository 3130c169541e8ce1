import { expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import type { ServerAccess } from '../../../../src/facts/links/access.js';
import { LakefsError } from '../../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import { readCoverage } from '../../../../src/queries/coverage/coverage.js';
import { verify } from '../../../../src/queries/verify/verify.js';
import { readingRun, scriptedExperiment, scriptedMlflow } from '../../../support/mlflow/scripted-mlflow.js';
import { commitA } from '../../../support/runs/run-views.js';
import { installationFor } from '../../../support/service/settings.js';

const lakefsAddress = { endpoint: 'http://127.0.0.1:9', accessKeyId: 'a', secretAccessKey: 'b' };

/** So many runs: every tenth names a branch, every tenth nothing, and one a repository that we may not read. */
function server(count: number) {
  const mlflow = scriptedMlflow();
  for (let index = 0; index < count; index += 1) {
    const kind = index % 10;
    const uri = index === 5 ? `s3://secret/${commitA}/x` : `s3://repo/${kind === 8 ? 'main' : commitA}/gold`;
    const run = readingRun(index, 1_000_000, uri);
    mlflow.runs.push(kind === 9 ? { ...run, inputs: {} } : run);
  }
  let requests = 0;
  let searches = 0;
  const lakefs: Partial<LakefsClient> = {
    endpoint: lakefsAddress.endpoint,
    version: async () => '1.84.0',
    getRepository: async (id) => {
      requests += 1;
      if (id === 'secret') throw refused();
      return { id, creation_date: 1, default_branch: 'main', storage_namespace: 'local://x' };
    },
    getCommit: async (_repository, ref) => {
      requests += 1;
      if (ref !== commitA) throw missing();
      return {
        id: ref,
        parents: [],
        committer: '',
        message: '',
        creation_date: 1,
        meta_range_id: 'm',
        metadata: {},
      };
    },
  };
  Object.assign(lakefs, { objects: () => listed({ path: 'gold/x.csv', path_type: 'object' }) });
  // Everything else that may be asked about branches and tags: there are none.
  const client = new Proxy(lakefs, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (['branches', 'tags', 'log', 'diff', 'objects', 'uncommitted'].includes(String(name))
        ? () => {
            requests += 1;
            return nothing();
          }
        : async () => {
            requests += 1;
            throw missing();
          }),
  }) as LakefsClient;
  const access: ServerAccess = {
    name: 'default',
    mlflow: {
      ...mlflow.clients,
      runs: {
        ...mlflow.clients.runs,
        searchRuns: (...given) => {
          searches += 1;
          return mlflow.clients.runs.searchRuns(...given);
        },
      },
    },
    installations: createInstallations([{ settings: installationFor(lakefsAddress), lakefs: client }]),
  };
  return { access, requests: () => requests, searches: () => searches };
}

async function* listed<T>(item: T): AsyncGenerator<T> {
  yield item;
}

async function* nothing(): AsyncGenerator<never> {
  yield* [];
}

function refused(): LakefsError {
  return failure(403, 'insufficient permissions');
}

function missing(): LakefsError {
  return failure(404, 'not found');
}

function failure(status: number, message: string): LakefsError {
  return new LakefsError({
    ...{ name: 'lakeFS', method: 'GET', url: 'http://127.0.0.1:9/api/v1/x', status, json: { message } },
  });
}

test('10,000 runs cost a search per 500, and of lakeFS no more than a hundred', async () => {
  const hundred = server(100);
  await readCoverage(hundred.access, Date.now, { kind: 'all' });
  const many = server(10_000);
  const seen: number[] = [];
  const found = await readCoverage(many.access, Date.now, { kind: 'all' }, { progress: (n) => seen.push(n) });
  expect(found.runs).toBe(10_000);
  expect(found.evidence.exact).toBe(7_999);
  expect(found.evidence.nothing).toBe(2_000);
  expect(found.evidence.unknown).toBe(1);
  expect(found.groups.find(({ cause }) => cause === 'unreadable')?.examples[0]?.detail).toContain('403');
  expect(seen).toEqual(Array.from({ length: 20 }, (_, page) => (page + 1) * 500));
  expect(many.searches()).toBe(20);
  expect(many.requests()).toBe(hundred.requests());
});

test('a limit takes the newest, in one search', async () => {
  const { access, searches } = server(10_000);
  const found = await readCoverage(
    access,
    Date.now,
    { kind: 'name', name: scriptedExperiment.name },
    { limit: 30 },
  );
  expect(found.runs).toBe(30);
  expect(searches()).toBe(1);
});

test('verify lists a few of many runs, and counts all', async () => {
  const { access } = server(2_000);
  const found = await verify(access, Date.now, { kind: 'name', name: 'training' }, { limit: 3 });
  expect(found).toMatchObject({ runs: 2_000, unknown: 1 });
  expect(found.differ).toBe(1_599);
  expect(found.findings).toHaveLength(3);
});
