import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastOfEach, toBatches } from '../../../src/mlflow/batches.js';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import type { MlflowOptions } from '../../../src/mlflow/options.js';
import { allExperiments, allModelVersions, allRuns } from '../../../src/mlflow/pages.js';
import { scripted } from '../../support/servers/scripted-server.js';

describe('a batch', () => {
  const pair = fc.record({ key: fc.string({ minLength: 1, maxLength: 3 }), value: fc.string() });
  const metric = fc.record({ key: fc.constant('m'), value: fc.double(), timestamp: fc.nat() });

  test('never breaks the limits, and all batches together hold everything once, in order', () => {
    const some = { maxLength: 350, size: 'max' } as const;
    fc.assert(
      fc.property(
        fc.array(metric, { maxLength: 2500, size: 'max' }),
        fc.array(pair, some),
        fc.array(pair, some),
        (metrics, params, tags) => {
          const batches = toBatches({ metrics, params, tags });
          for (const batch of batches) {
            expect(batch.tags.length).toBeLessThanOrEqual(100);
            expect(batch.params.length).toBeLessThanOrEqual(100);
            expect(batch.tags.length + batch.params.length + batch.metrics.length).toBeLessThanOrEqual(1000);
          }
          expect(batches.flatMap((batch) => batch.metrics)).toEqual(metrics);
          expect(batches.flatMap((batch) => batch.tags)).toEqual(lastOfEach(tags));
          expect(batches.flatMap((batch) => batch.params)).toEqual(lastOfEach(params));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('of nothing is one request, so that a missing run is noticed', () => {
    expect(toBatches({ metrics: [], params: [], tags: [] })).toHaveLength(1);
  });

  test('holds the last value of a key that comes twice', () => {
    const pairs = ['a1', 'b1', 'a2'].map((text) => ({ key: text[0]!, value: text }));
    expect(lastOfEach(pairs).map(({ value }) => value)).toEqual(['a2', 'b1']);
  });
});

test('keys that come twice are taken out of creates and inputs too', async () => {
  const run = { info: { run_id: 'r', experiment_id: '0', status: 'RUNNING' }, data: {} };
  const server = await scripted({ status: 200, body: JSON.stringify({ run }) });
  const { runs } = createMlflowClients(server.url, { connections: 'new' });
  const tags = [
    { key: 'k', value: 'old' },
    { key: 'k', value: 'new' },
  ];
  await runs.createRun('0', 'n', 1, tags);
  await runs.logInputs('r', [{ dataset: { name: 'd', digest: '1', source_type: 's3', source: '{}' }, tags }]);
  const [create, inputs] = server.seen.map(({ body }) => JSON.parse(body));
  expect(create.tags).toEqual([{ key: 'k', value: 'new' }]);
  expect(inputs.datasets[0].tags).toEqual([{ key: 'k', value: 'new' }]);
});

describe('the options', () => {
  test.each<[string, MlflowOptions, Record<string, string>]>([
    ['basic', { username: 'u', password: 'p', token: 't' }, { authorization: 'Basic dTpw' }],
    ['bearer', { token: 't' }, { authorization: 'Bearer t' }],
    ['workspace', { workspace: 'w' }, { 'x-mlflow-workspace': 'w' }],
    ['headers', { headers: { 'X-Own': 'o' } }, { 'x-own': 'o' }],
  ])('%s is sent as a header', async (_what, options, expected) => {
    const server = await scripted({ status: 200, body: '3.17.2' });
    await createMlflowClients(server.url, { ...options, connections: 'new' }).version();
    expect(server.seen[0]!.headers).toMatchObject(expected);
  });

  test('the tracking URI keeps its path and loses its slash, user and password', async () => {
    const server = await scripted({ status: 200, body: '3.17.2\n' });
    const mlflow = createMlflowClients(`http://u:p@127.0.0.1:${server.port}/x/`, { connections: 'new' });
    expect(mlflow.trackingUri).toBe(`${server.url}/x`);
    expect(await mlflow.version()).toBe('3.17.2');
    expect(server.seen[0]).toMatchObject({ url: '/x/version', headers: { authorization: 'Basic dTpw' } });
  });
});

describe('the iterators', () => {
  test('follow the page tokens of runs, with ids as text and the oldest first', async () => {
    const run = (run_id: string) => ({ info: { run_id, experiment_id: '7', status: 'FINISHED' }, data: {} });
    const server = await scripted(
      { status: 200, body: JSON.stringify({ runs: [run('a'), run('b')], next_page_token: 't1' }) },
      { status: 200, body: JSON.stringify({ next_page_token: 't2' }) },
      { status: 200, body: JSON.stringify({ runs: [run('c')], next_page_token: '' }) },
    );
    const { runs } = createMlflowClients(server.url, { connections: 'new' });
    const ids: string[] = [];
    for await (const { info } of allRuns(runs, ['7'], { filter: 'f', viewType: 'ALL', pageSize: 2 })) {
      ids.push(info.run_id);
    }
    expect(ids).toEqual(['a', 'b', 'c']);
    const bodies = server.seen.map(({ body }) => JSON.parse(body));
    const common = {
      experiment_ids: ['7'],
      filter: 'f',
      run_view_type: 'ALL',
      max_results: 2,
      order_by: ['attributes.start_time ASC'],
    };
    expect(bodies).toEqual([common, { ...common, page_token: 't1' }, { ...common, page_token: 't2' }]);
  });

  test('ask nothing for no experiments', async () => {
    const server = await scripted({ status: 500 });
    const { runs } = createMlflowClients(server.url, { connections: 'new' });
    for await (const run of allRuns(runs, [])) expect.fail(`found ${run.info.run_id}`);
    expect(server.seen).toHaveLength(0);
  });

  test('follow the page tokens of experiments and model versions', async () => {
    const experiment = { experiment_id: '1', name: 'e', lifecycle_stage: 'active' };
    const server = await scripted(
      { status: 200, body: JSON.stringify({ experiments: [experiment], next_page_token: 't' }) },
      { status: 200, body: JSON.stringify({ experiments: [experiment] }) },
      {
        status: 200,
        body: JSON.stringify({ model_versions: [{ name: 'm', version: '1' }], next_page_token: 'u' }),
      },
      { status: 200 },
    );
    const { experiments, versions } = createMlflowClients(server.url, { connections: 'new' });
    let count = 0;
    for await (const found of allExperiments(experiments, 'f', 'ALL')) count += found.name === 'e' ? 1 : 0;
    expect(count).toBe(2);
    for await (const found of allModelVersions(versions, "run_id = 'r'")) count += found.name === 'm' ? 1 : 0;
    expect(count).toBe(3);
    expect(JSON.parse(server.seen[1]!.body)).toMatchObject({
      page_token: 't',
      view_type: 'ALL',
      filter: 'f',
    });
    expect(server.seen[3]!.url).toContain('page_token=u');
    expect(server.seen[2]!.url).toContain('max_results=1000');
  });
});
