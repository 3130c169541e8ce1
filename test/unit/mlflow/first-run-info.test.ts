import { expect, test } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { scripted } from '../http/scripted.js';

const info = { run_id: 'a', experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' };
const search = { experimentIds: ['1'], filter: '', view: 'ALL', order: undefined, token: undefined } as const;

async function firstOf(text: string) {
  let sent = 0;
  const server = await scripted((_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      // An answer without an end: whoever wants more than its beginning waits for ever.
      while (!response.destroyed && response.write(sent === 0 ? text : ' '.repeat(10_000))) sent += 1;
      response.once('drain', more);
    };
    more();
  });
  return createMlflowClients(server.url, { connections: 'reuse' }).firstRunInfo(search);
}

test('tells of the first run from the beginning of an answer that never ends', async () => {
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
