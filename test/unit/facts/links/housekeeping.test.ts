import { afterAll, describe, expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import type { Installation } from '../../../../src/config/types.js';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import type { ServerFacts } from '../../../../src/facts/links/server.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { compareBytes } from '../../../../src/queries/compare/bytes.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { newHistory } from '../../../support/lakefs/written-history.js';
import { link } from '../../../support/runs/run-views.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());
const path = 'gold/train/';

/** A commit of data, and one that only tidied up beside it. */
async function tidied() {
  const history = await newHistory(client);
  const data = await history.put('main', `${path}part-0.parquet`, '1');
  const tidy = await history.putAll('main', {
    [`${path}_SUCCESS`]: '',
    [`${path}_delta_log/_last_checkpoint`]: '1',
  });
  return { history, data, tidy, facts: createLakefsFacts(client, Date.now) };
}

describe('housekeeping beside data', () => {
  test('leaves the bytes under the path equal, and the history of the path unchanged', async () => {
    const { history, data, tidy, facts } = await tidied();
    const { repository } = history;
    expect(await facts.equalUnder(repository, data, tidy, path)).toBe(true);
    const place = { repository, commit: data, path };
    expect(await facts.paths.isUnchanged(place, Date.now() + 3_600_000)).toBe(true);
  });

  test('that is not committed yet is no data that waits', async () => {
    const { history, facts } = await tidied();
    await client.uploadObject(history.repository, 'main', `${path}_SUCCESS`, 'again');
    expect(await facts.refs.staged(history.repository, 'main', path)).toEqual({ any: false, brought: [] });
    await client.uploadObject(history.repository, 'main', `${path}part-1.parquet`, '1');
    const later = createLakefsFacts(client, Date.now).refs;
    expect((await later.staged(history.repository, 'main', path)).brought).toEqual([`${path}part-1.parquet`]);
  });

  test('is reported by compare, which calls the data the same', async () => {
    const { history, data, tidy, facts } = await tidied();
    const access = {
      installations: createInstallations([{ settings: { name: 'default' } as Installation, lakefs: client }]),
    };
    const server = { access, sources: { lakefs: () => facts } } as unknown as ServerFacts;
    const [one, other] = [data, tidy].map((commit) => link({ repository: history.repository, commit, path }));
    if (one === undefined || other === undefined) throw new Error('no links');
    expect(await compareBytes([one, other], server, 10)).toMatchObject({ kind: 'equal', housekeeping: 2 });
  });
});
