import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { newDataFolder } from '../support/queue/data-folder.js';
import { waitFor } from '../support/servers/process.js';
import { startProxy } from '../support/servers/proxy.js';
import { realServers } from '../support/servers/real-servers.js';
import {
  bridgeEnv,
  catalogRuns,
  lakefsTags,
  patientClients,
  sendEvent,
  tagsOf,
} from '../support/service/bridge.js';
import { program, startServe } from '../support/service/service.js';

vi.setConfig({ testTimeout: 120_000 });

const { mlflow } = realServers();
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

test('the difference to one commit always answers 504: the run that declares it is linked with its status unknown, all else goes on', async () => {
  const lakefs = lakefsServers[0]!;
  const client = clientFor(lakefs);
  const repository = await newRepository(client, 'huge');
  const name = `huge-${randomBytes(5).toString('hex')}`;
  const experiment = await clients.experiments.createExperiment(name);
  await commitObject(client, repository, 'main', 'gold/a.csv', '1');
  await client.createBranch(repository, { name: 'side', source: 'main' });
  const huge = await commitObject(client, repository, 'side', 'gold/b.csv', '2');
  const proxy = await startProxy(lakefs.endpoint);
  proxy.answerWith(({ url }) =>
    url.includes('/diff') && url.includes(huge)
      ? { status: 504, body: '<h1>Gateway Timeout</h1>' }
      : undefined,
  );
  const folder = await newDataFolder();
  const env = bridgeEnv({
    ...{ lakefs: { ...lakefs, endpoint: proxy.url }, mlflowUrl: mlflow.url, dataDir: folder.path },
    ...{ queueUrl: 'embedded', repositories: repository, experiments: name, catalog: `catalog-${name}` },
  });
  const service = await startServe(env);
  try {
    const run = async (commit: string): Promise<string> => {
      const tags = [
        { key: 'lakefs_repo', value: repository },
        { key: 'lakefs_commit', value: commit },
      ];
      const { info } = await clients.runs.createRun(experiment, 'run', Date.now(), tags);
      await clients.runs.updateRun(info.run_id, 'FINISHED', Date.now());
      return info.run_id;
    };
    const declaring = await run(huge);
    await sendEvent(service.url, { repository, commit: huge });
    const linked = await waitFor(
      'the run to be linked',
      async () => {
        const tags = await lakefsTags(clients, declaring);
        return tags['lakefs.links'] !== undefined && tags;
      },
      40_000,
    );
    expect(linked).toMatchObject({ 'lakefs.evidence': 'declared', lakefs_commit: huge });
    expect(linked).not.toHaveProperty('lakefs.status');

    const other = await commitObject(client, repository, 'main', 'silver/c.csv', '3');
    await sendEvent(service.url, { repository, commit: other });
    await waitFor('another commit', async () =>
      (await catalogRuns(clients, `catalog-${name}`, repository)).some(
        (entry) => entry.info.status === 'FINISHED' && tagsOf(entry).lakefs_commit === other,
      ),
    );
    const sound = await run(other);
    await waitFor(
      'another run',
      async () => (await lakefsTags(clients, sound))['lakefs.status'] === 'current',
    );

    await waitFor('the log to tell why', () => /an attempt of a job failed/.test(service.process.output()));
    expect(service.process.output()).toMatch(/"error":"[^"]*504/);
    // Three tries for each attempt of a job; the sweeps of this time, one a second, ask no more.
    expect(proxy.answered()).toBeLessThan(40);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);

    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, 'lineage', '--json', declaring],
      {
        env: { ...process.env, ...env },
      },
    );
    const answer = JSON.parse(stdout) as {
      links: { status: string; statusReason: string }[];
      notes: string[];
    };
    expect(answer.links).toMatchObject([{ commit: huge, status: 'unknown' }]);
    expect(answer.notes.join('\n')).toContain('504');
  } finally {
    await service.process.stop();
    await proxy.stop();
    folder.remove();
  }
});
