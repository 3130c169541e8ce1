import { afterAll, describe, expect, test } from 'vitest';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { createLinkStates } from '../../../../src/facts/links/link-state.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { tableWriter } from '../../../support/lakefs/table-logs.js';
import { newHistory } from '../../../support/lakefs/written-history.js';
import { link } from '../../../support/runs/run-views.js';
import { installationFor } from '../../../support/service/settings.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());
const settings = installationFor(sandbox, 'http://127.0.0.1:1');

/** A process that has just started, and the requests that it makes to read objects, by path. */
function newStates() {
  const read: string[] = [];
  const lakefs: LakefsClient = {
    ...client,
    readObject: (repository, ref, path) => {
      read.push(path.split('/').at(-1) ?? '');
      return client.readObject(repository, ref, path);
    },
  };
  const facts = createLakefsFacts(lakefs, Date.now);
  return { read, states: createLinkStates({ settings, lakefs, facts, now: Date.now }) };
}

describe('a table that was rewritten', () => {
  test('is current, says so with the operations, and costs a reading for each new version', async () => {
    const history = await newHistory(client);
    const to = tableWriter(history, 'delta', 'gold/orders/');
    const commit = await to('append');
    await to('properties');
    const { states, read } = newStates();
    const one = link({ repository: history.repository, commit, path: 'gold/orders/' });
    const state = await states.ofLink(one, undefined);
    expect(state).toEqual({
      status: 'current',
      rewritten: true,
      reason:
        "rewritten on main (OPTIMIZE, SET TBLPROPERTIES): its files changed, but the table's own log says that no row did",
    });
    expect(read).toEqual(['00000000000000000004.json', '00000000000000000005.json']);
    await states.ofLink(one, undefined);
    expect(read).toHaveLength(2);
  });

  test('is reported for a link without a path, too', async () => {
    const history = await newHistory(client);
    const to = tableWriter(history, 'delta', 'gold/orders/');
    const commit = await to('two writes');
    await to('optimize');
    const one = link({ repository: history.repository, commit, path: '', where: 'tag' });
    expect(await newStates().states.ofLink(one, undefined)).toMatchObject({
      status: 'current',
      rewritten: true,
    });
  });
});

test('a path that is no table costs no reading, whatever changed beside it', async () => {
  const history = await newHistory(client);
  const to = tableWriter(history, 'delta', 'gold/orders/');
  await to('two writes');
  const commit = await history.put('main', 'gold/train/a.csv', '1');
  await to('optimize');
  await history.put('main', 'gold/train/a.csv', '2');
  const { states, read } = newStates();
  const one = link({ repository: history.repository, commit, path: 'gold/train/' });
  expect((await states.ofLink(one, undefined)).status).toBe('superseded');
  expect(read).toEqual([]);
});
