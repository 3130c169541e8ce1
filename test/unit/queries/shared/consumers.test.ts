import { describe, expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import { createServerFacts } from '../../../../src/facts/links/server.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import { createMlflowClients } from '../../../../src/mlflow/clients.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { type ConsumerQuery, findConsumers } from '../../../../src/queries/shared/consumers.js';
import { commitA } from '../../../support/runs/run-views.js';
import { installationFor } from '../../../support/service/settings.js';

const lakefsAt = { endpoint: 'http://127.0.0.1:9', accessKeyId: 'a', secretAccessKey: 'b' };

function run(id: string, tags: Record<string, string> = {}): Run {
  return {
    info: { run_id: id, experiment_id: '1', status: 'FINISHED', start_time: 1, lifecycle_stage: 'active' },
    data: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
  };
}

const declares = (id: string, repository = 'images') =>
  run(id, { lakefs_repo: repository, lakefs_commit: commitA });

async function* listed<T = never>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** An MLflow with these runs, all of one experiment beside a catalog; it notes what is searched. */
function find(runs: readonly Run[], query: Partial<ConsumerQuery> = {}, lakefs: Partial<LakefsClient> = {}) {
  const searched: { filter: string; experiments: readonly string[] }[] = [];
  const mlflow = createMlflowClients('http://127.0.0.1:9');
  const fake = {
    ...mlflow,
    version: async () => '3.17.2',
    experiments: {
      ...mlflow.experiments,
      searchExperiment: async () => ({
        experiments: [
          { experiment_id: '1', name: 'training', lifecycle_stage: 'active' as const },
          {
            ...{ experiment_id: '2', name: 'lakefs/images', lifecycle_stage: 'active' as const },
            tags: [{ key: 'lakefs.kind', value: 'catalog' }],
          },
        ],
      }),
    },
    runs: {
      ...mlflow.runs,
      searchRuns: async (
        experiments: readonly string[],
        filter = '',
        _view?: string,
        max = 1_000,
        _order?: readonly string[],
        token = '0',
      ) => {
        searched.push({ filter, experiments });
        const kept = runs.filter(({ data }) => filter === '' || matching(filter, data.tags ?? []));
        const start = Number(token);
        const next = start + max < kept.length ? { next_page_token: String(start + max) } : {};
        return { runs: kept.slice(start, start + max), ...next };
      },
    },
  } as unknown as typeof mlflow;
  const client = {
    ...createLakefsClient(lakefsAt),
    getRepository: async (id: string) => ({
      ...{ id, creation_date: 1, default_branch: 'main', storage_namespace: 'local://x' },
    }),
    getCommit: async (_repository: string, id: string) => ({
      ...{ id, parents: [], committer: '', message: '', creation_date: 1, meta_range_id: 'm', metadata: {} },
    }),
    // One commit, which brought all that is asked for, and no branch or tag.
    objects: (_repository: string, _ref: string, { prefix = '' } = {}) =>
      listed({ path: `${prefix}x`, path_type: 'object' as const }),
    log: () => listed(),
    branches: () => listed(),
    tags: () => listed(),
    ...lakefs,
  };
  const settings = installationFor(lakefsAt);
  const facts = createServerFacts(
    { name: 'default', mlflow: fake, installations: createInstallations([{ settings, lakefs: client }]) },
    () => 0,
  );
  const usual = { installation: 'default', repository: 'images', commits: undefined, scan: 100 };
  return findConsumers({ ...usual, onProgress: () => undefined, ...query }, facts).then((found) => ({
    ...found,
    names: found.consumers.map(({ run: { id } }) => id).sort(),
    searched,
  }));
}

function matching(filter: string, tags: readonly { key: string; value: string }[]): boolean {
  const [, key, sign, value] = /^tags\.`?([^` ]+)`? (!?=) '(.*)'$/.exec(filter) ?? [];
  const found = tags.find((tag) => tag.key === key);
  return found !== undefined && (sign === '=' ? found.value === value : found.value !== value);
}

describe('the runs that read a repository', () => {
  test('are those that tags lead to and those that a scan of the newest finds, each once', async () => {
    const input = { ...run('input'), inputs: { dataset_inputs: [datasetAt(`s3://images/${commitA}/gold`)] } };
    const found = await find([declares('tagged'), input, declares('other', 'videos'), run('silent')]);
    expect(found.names).toEqual(['input', 'tagged']);
    expect(found.checked).toMatchObject({ tagged: 1, taggedCut: false, scanned: 4, scanCut: false });
  });

  test('runs of the catalog are never asked for', async () => {
    const { searched } = await find([declares('a')]);
    expect(new Set(searched.flatMap(({ experiments }) => experiments))).toEqual(new Set(['1']));
  });

  test('of few commits are searched one by one, and only their links count', async () => {
    const { searched, names } = await find([declares('a')], { commits: [commitA], scan: 0 });
    expect(names).toEqual(['a']);
    expect(searched.map(({ filter }) => filter)).toEqual([
      `tags.lakefs_commit = '${commitA}'`,
      `tags.lakefs_head_commit_id = '${commitA}'`,
      `tags.\`lakefs.input.images.${commitA.slice(0, 12)}\` = '${commitA}'`,
      `tags.\`lakefs.maybe.images.${commitA.slice(0, 12)}\` = '${commitA}'`,
    ]);
    expect((await find([declares('a')], { commits: ['b'.repeat(64)] })).names).toEqual([]);
  });

  test('the scan ends where it was asked to, and says so', async () => {
    const runs = Array.from({ length: 1_200 }, (_, n) => run(`r${n}`));
    const { checked, searched } = await find(runs, { scan: 600 });
    expect(checked).toMatchObject({ scanned: 600, scanCut: true });
    expect(searched.filter(({ filter }) => filter === '')).toHaveLength(2);
    expect((await find(runs, { scan: Number.POSITIVE_INFINITY })).checked).toMatchObject({
      ...{ scanned: 1_200, scanCut: false },
    });
  });

  test('one that cannot be judged is named, and the others are there', async () => {
    const failing = {
      getRepository: async (id: string) => {
        if (id === 'closed') throw await refused();
        return { id, creation_date: 1, default_branch: 'main', storage_namespace: 'local://x' };
      },
    };
    const both = {
      ...declares('both'),
      inputs: { dataset_inputs: [datasetAt(`s3://closed/${commitA}/x`)] },
    };
    const found = await find([declares('fine'), both], {}, failing);
    expect(found.names).toEqual(['fine']);
    expect(found.checked.unjudged).toMatchObject([{ run: 'both' }]);
    await expect(find([both], {}, failing)).rejects.toThrow();
  });
});

function datasetAt(uri: string) {
  return {
    dataset: {
      name: uri,
      digest: 'd1',
      source_type: 's3',
      source: JSON.stringify({ uri }),
      profile: '{"num_rows":3}',
    },
  };
}

/** What the client throws where nobody listens. */
async function refused(): Promise<unknown> {
  const client = createLakefsClient({ ...lakefsAt, retry: { retries: 0 } });
  return client.getRepository('images').catch((error: unknown) => error);
}
