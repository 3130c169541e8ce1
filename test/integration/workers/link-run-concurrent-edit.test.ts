import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { readLinksTag } from '../../../src/contract/links-tag.js';
import { viewOf } from '../../../src/facts/runs/run-view.js';
import { createRuntime } from '../../support/jobs/runtime.js';
import { watched } from '../../support/jobs/watched.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { train } from '../../support/mlflow/train.js';
import { realServers } from '../../support/servers/real-servers.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

test('what a user writes while we decide for the second time is not changed either', async () => {
  const lakefs = servers[0]!;
  const repo = await newRepository(clientFor(lakefs));
  const a = await commitObject(clientFor(lakefs), repo, 'main', 'gold/x.csv', '1');
  const b = await commitObject(clientFor(lakefs), repo, 'main', 'gold/x.csv', '2');
  const experiment = `review-${randomBytes(4).toString('hex')}`;
  const source = `s3://${repo}/${a}/gold/x.csv`;
  const runs = await train(mlflow, [{ experiment, name: 'slow', inputs: [{ source }] }]);
  const run = runs.slow!;
  let reads = 0;
  const runtime = createRuntime(lakefs, mlflow.url, {
    installation: { repositories: [repo] },
    mlflow: (clients) =>
      watched(
        clients,
        () => undefined,
        async (method) => {
          if (method !== 'getRun') return;
          reads += 1;
          // Slow enough for a third look; the user writes after the second.
          await new Promise((resolve) => setTimeout(resolve, reads === 2 ? 300 : 30));
          if (reads === 2) await clients.runs.setTag(run, 'lakefs_commit', b);
        },
      ),
  });
  const job = { name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'hook' } as const;
  const first = await runtime.run(job);
  expect(String(first.error)).toMatch(/run \w+ was changed in the meantime/);
  expect((await runtime.run(job)).error).toBeUndefined();
  const { tags } = viewOf(await runtime.mlflow.runs.getRun(run));
  expect(tags.get('lakefs_commit')).toBe(b);
  expect(readLinksTag(tags).wrote).toEqual({});
});
