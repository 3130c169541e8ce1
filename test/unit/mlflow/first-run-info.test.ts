import { expect, test } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import type { RunSearch } from '../../../src/mlflow/first-run-info.js';
import { scripted } from '../../support/servers/scripted-server.js';

const info = { run_id: 'a', experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' };
const search: RunSearch = {
  experimentIds: ['1'],
  filter: '',
  view: 'ACTIVE_ONLY',
  order: undefined,
  token: undefined,
};

async function firstOf(text: string) {
  const server = await scripted((_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    let sent = 0;
    const more = (): void => {
      // An answer without an end: whoever wants more than its beginning waits for ever.
      while (!response.destroyed && response.write(sent === 0 ? text : ' '.repeat(10_000))) sent += 1;
      response.once('drain', more);
    };
    more();
  });
  return createMlflowClients(server.url, { connections: 'reuse' }).firstRunInfo(search, { whole: true });
}

test('reads the first run from the beginning of an answer that never ends', async () => {
  expect(await firstOf(`{"runs": [{"info": ${JSON.stringify(info)}, "data": {"params": [`)).toEqual(info);
});

test.each(['{', '}', '"}', '{"info": {}}'])('a run whose name is %s is no stumbling block', async (name) => {
  const named = { run_name: name, ...info };
  expect(await firstOf(`{"runs": [{"info": ${JSON.stringify(named)}, "data": {`)).toEqual(named);
});

test.each(['{"runs": [{"data": {', '{}', ''])(
  'says nothing of an answer that begins with %s',
  async (text) => {
    expect(await firstOf(text || ' ')).toBeUndefined();
  },
);

test('asks GraphQL for the info alone: where MLflow cannot make the whole answer, nothing else is asked', async () => {
  const asked: string[] = [];
  const server = await scripted(({ url }, response) => {
    asked.push(url);
    const found = { runId: 'a', runName: 'n', experimentId: '1', status: 'FINISHED', startTime: '17' };
    const runs = [{ info: { ...found, endTime: null, lifecycleStage: 'active' } }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: { mlflowSearchRuns: { runs } }, errors: null }));
  });
  const { firstRunInfo } = createMlflowClients(server.url, { connections: 'reuse' });
  expect(await firstRunInfo(search, { whole: false })).toMatchObject({
    ...info,
    run_name: 'n',
    start_time: 17,
  });
  expect(asked).toEqual(['/graphql']);
});

test('where MLflow cannot make the whole answer and has no GraphQL, nothing is known', async () => {
  const asked: string[] = [];
  const server = await scripted(({ url }, response) => {
    asked.push(url);
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{}');
  });
  const { firstRunInfo } = createMlflowClients(server.url, { connections: 'reuse' });
  expect(await firstRunInfo(search, { whole: false })).toBeUndefined();
  expect(asked).toEqual(['/graphql']);
});
