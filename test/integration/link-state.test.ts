import { afterAll, describe, expect, test } from 'vitest';
import { createLakefsFacts } from '../../src/facts/commits/lakefs-facts.js';
import { createLinkStates } from '../../src/facts/links/link-state.js';
import { clientFor, lakefsUnderTest } from '../support/lakefs/lakefs.js';
import { lifeHistories } from '../support/lakefs/life.js';
import { housekeepingHistories } from '../support/lakefs/life-housekeeping.js';
import { rewriteHistories } from '../support/lakefs/life-rewrites.js';
import { newHistory, seen } from '../support/lakefs/written-history.js';
import { installationFor } from '../support/service/settings.js';

const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe.each(servers)('the status of data in $kind lakeFS', (server) => {
  const lakefs = clientFor(server);
  const settings = installationFor(server, 'http://127.0.0.1:1');

  test.each(Object.entries({ ...lifeHistories, ...housekeepingHistories, ...rewriteHistories }))(
    '%s',
    async (_name, tell) => {
      const history = await newHistory(lakefs);
      const { status, because, ...asked } = await tell(history);
      const facts = createLakefsFacts(lakefs, Date.now);
      const states = createLinkStates({ settings, lakefs, facts, now: Date.now });
      expect(await seen(states, history.repository, asked)).toEqual({ status, because });
    },
  );
});
