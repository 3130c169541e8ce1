import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { createLinkStates, type LinkStates } from '../../../../src/facts/links/link-state.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { LakefsError } from '../../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { failingRead } from '../../../support/jobs/watched.js';
import { lifeHistories } from '../../../support/lakefs/life.js';
import { housekeepingHistories } from '../../../support/lakefs/life-housekeeping.js';
import { rewriteHistories } from '../../../support/lakefs/life-rewrites.js';
import { type History, newHistory, seen } from '../../../support/lakefs/written-history.js';
import { installationFor } from '../../../support/service/settings.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());
const settings = installationFor(sandbox, 'http://127.0.0.1:1');
const path = 'gold/train/';
const histories = { ...lifeHistories, ...housekeepingHistories, ...rewriteHistories };

/** As a process that has just started. */
function newStates(lakefs: LakefsClient = client, now: () => number = Date.now): LinkStates {
  return createLinkStates({ settings, lakefs, facts: createLakefsFacts(lakefs, now), now });
}

describe('what became of the data', () => {
  test.each(Object.entries(histories))('%s', async (_name, tell) => {
    const history = await newHistory(client);
    const { status, because, ...asked } = await tell(history);
    expect(await seen(newStates(), history.repository, asked)).toEqual({ status, because });
  });

  test.each(Object.entries(histories))(
    '%s, also with what an earlier check has cached',
    async (_name, tell) => {
      let at = Date.now();
      const states = newStates(client, () => at);
      const plain = await newHistory(client);
      // After every step everything that was committed so far is looked at.
      const commits: string[] = [];
      const watching = new Proxy(plain, {
        get: (target, name) => {
          const step: unknown = Reflect.get(target, name);
          if (typeof step !== 'function') return step;
          return async (...given: unknown[]) => {
            const answer: unknown = await Reflect.apply(step, target, given);
            if (typeof answer === 'string') commits.push(answer);
            at += 60_000;
            for (const commit of commits) await seen(states, plain.repository, { commit, path });
            return answer;
          };
        },
      });
      const { status, because, ...asked } = await tell(watching);
      at += 60_000;
      expect(await seen(states, plain.repository, asked)).toEqual({ status, because });
    },
  );
});

describe('what cannot be known', () => {
  let history: History;
  let commit: string;
  beforeAll(async () => {
    history = await newHistory(client);
    await history.put('main', `${path}a`, '1');
    commit = await history.put('main', `${path}a`, '2');
    await history.revert('main', commit);
  });

  const reads: readonly (keyof LakefsClient)[] = ['getRepository', 'getCommit', 'branches', 'diff', 'log'];
  test.each(reads.flatMap((read) => [401, 403, 500].map((status) => [read, status] as const)))(
    'is thrown where %s answers %s',
    async (read, status) => {
      const error = () =>
        new LakefsError({ name: 'lakeFS', method: 'GET', url: `${sandbox.endpoint}/api/v1/x`, status });
      const states = newStates(failingRead(client, read, error));
      await expect(seen(states, history.repository, { commit, path })).rejects.toThrow();
    },
  );

  test.each(reads)('is unknown, never a status, where %s answers 404', async (read) => {
    const error = () =>
      new LakefsError({
        name: 'lakeFS',
        method: 'GET',
        url: `${sandbox.endpoint}/api/v1/x`,
        status: 404,
        json: { message: 'not found' },
      });
    const states = newStates(failingRead(client, read, error));
    expect(await seen(states, history.repository, { commit, path })).toEqual({
      status: 'unknown',
      because: null,
    });
  });

  test('is unknown for a commit or a repository that is not there', async () => {
    const gone = { commit: 'f'.repeat(64), path };
    expect(await seen(newStates(), history.repository, gone)).toMatchObject({ status: 'unknown' });
    expect(await seen(newStates(), 'no-such-repository', gone)).toMatchObject({ status: 'unknown' });
    expect(await newStates().promotedTo('no-such-repository', commit)).toBeUndefined();
  });

  test('an empty repository has a first commit, which is current', async () => {
    const empty = await newHistory(client);
    const root = await empty.head('main');
    for (const where of ['', path]) {
      expect(await seen(newStates(), empty.repository, { commit: root, path: where })).toMatchObject({
        status: 'current',
      });
    }
  });
});
