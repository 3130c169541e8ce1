import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { type DataFolder, newDataFolder } from '../support/queue/data-folder.js';
import { waitFor } from '../support/servers/process.js';
import { type HttpProxy, type ProxyAnswer, startProxy } from '../support/servers/proxy.js';
import { realServers } from '../support/servers/real-servers.js';
import { bridgeEnv, catalogRuns, patientClients, sendEvent, tagsOf } from '../support/service/bridge.js';
import { type RunningProcess, startServe } from '../support/service/service.js';

vi.setConfig({ testTimeout: 120_000 });

const { mlflow } = realServers();
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
const lakefs = lakefsServers[0]!;
const client = clientFor(lakefs);
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

let catalog: string;
let repository: string;
let folder: DataFolder;
let proxies: Record<'lakeFS' | 'MLflow', HttpProxy>;
let service: RunningProcess | undefined;

beforeEach(async () => {
  catalog = `catalog-${randomBytes(6).toString('hex')}`;
  repository = await newRepository(client, 'refusals');
  folder = await newDataFolder();
  proxies = { lakeFS: await startProxy(lakefs.endpoint), MLflow: await startProxy(mlflow.url) };
});
afterEach(async () => {
  await service?.process.stop();
  service = undefined;
  await Promise.all([proxies.lakeFS.stop(), proxies.MLflow.stop()]);
  folder.remove();
});

async function serve(): Promise<RunningProcess> {
  service = await startServe(
    bridgeEnv({
      ...{ lakefs: { ...lakefs, endpoint: proxies.lakeFS.url }, mlflowUrl: proxies.MLflow.url },
      ...{ dataDir: folder.path, repositories: repository, experiments: 'none', catalog },
      queueUrl: 'embedded',
    }),
  );
  return service;
}

const page = { 'content-type': 'text/html; charset=utf-8' };
const loginPage: ProxyAnswer = { status: 200, headers: page, body: '<html>Please log in</html>' };
const redirect: ProxyAnswer = { status: 302, headers: { location: 'https://login.example/' } };
const refused: ProxyAnswer = { status: 401, headers: page, body: 'You are not authenticated.' };

async function newCommits(count: number): Promise<readonly string[]> {
  const commits: string[] = [];
  for (let n = 0; n < count; n += 1)
    commits.push(
      await commitObject(client, repository, 'main', `gold/${n}-${commits.length}.csv`, `${Math.random()}`),
    );
  return commits;
}

async function unregistered(commits: readonly string[]): Promise<readonly string[]> {
  const runs = await catalogRuns(clients, catalog, repository);
  const done = runs.filter(({ info }) => info.status === 'FINISHED').map((run) => tagsOf(run).lakefs_commit);
  return commits.filter((commit) => !done.includes(commit));
}

const textOf = async (url: string): Promise<string> => (await fetch(url)).text();

/** Hooks arrive during the fault, which lasts until the job of each has been tried. */
async function hooksDuring(
  { url }: RunningProcess,
  proxy: HttpProxy,
  answer: ProxyAnswer,
  commits: readonly string[],
): Promise<void> {
  const before = await failedTries(url);
  proxy.answerWith(() => answer);
  for (const commit of commits) expect((await sendEvent(url, { repository, commit })).status).toBe(202);
  await waitFor('a try of each job', async () => (await failedTries(url)) >= before + commits.length);
}

async function failedTries(url: string): Promise<number> {
  const text = await textOf(`${url}/metrics`);
  const line = /^lakefs_mlflow_job_duration_seconds_count\{job="register-commit",outcome="failed"\} (\d+)$/m;
  return Number(line.exec(text)?.[1] ?? 0);
}

test('MLflow answers 401 during 8 hooks: all 8 are registered without help, and meanwhile it shows', async () => {
  const running = await serve();
  const { url } = running;
  const commits = await newCommits(8);
  await hooksDuring(running, proxies.MLflow, refused, commits);

  const during = {
    ready: await waitFor('readiness to tell', async () => {
      const answer = await fetch(`${url}/health/ready`);
      return answer.status === 503 && (await answer.text());
    }).catch(() => 'nothing'),
    metrics: await textOf(`${url}/metrics`),
    page: await textOf(url),
  };

  proxies.MLflow.answerWith(undefined);
  await waitFor('an end', async () => (await unregistered(commits)).length === 0, 40_000).catch(
    () => undefined,
  );
  expect(await unregistered(commits)).toEqual([]);

  expect(during.ready).toMatch(/MLflow.*401/);
  expect(during.metrics).toContain('lakefs_mlflow_server_up{server="MLflow",installation="default"} 0');
  expect(during.page).not.toContain('>Working<');
  expect(during.page).toContain('MLflow has refused our requests since');
  await waitFor('readiness', async () => (await fetch(`${url}/health/ready`)).ok);
  expect(await textOf(`${url}/metrics`)).toContain(
    'lakefs_mlflow_server_up{server="MLflow",installation="default"} 1',
  );
  const log = service?.process.output() ?? '';
  expect(log.match(/the server refuses our requests/g)).toHaveLength(1);
  expect(log.match(/the server answers again/g)).toHaveLength(1);
});

test.each([
  ['lakeFS', 'a redirect to a login page', redirect],
  ['lakeFS', 'a login page with status 200', loginPage],
  ['MLflow', 'a login page with status 200', loginPage],
] as const)(
  '%s answers with %s during a hook: readiness says so in words, and its commit is registered without help',
  async (name, _what, answer) => {
    const running = await serve();
    const commits = await newCommits(1);
    await hooksDuring(running, proxies[name], answer, commits);
    const reason = new RegExp(`${name} \\(default\\) refuses our requests: .*login page.*and check [A-Z_]+`);
    await waitFor('readiness to tell', async () =>
      reason.test(await textOf(`${running.url}/health/ready`)),
    ).catch(() => undefined);
    expect(await textOf(`${running.url}/health/ready`)).toMatch(reason);
    proxies[name].answerWith(undefined);
    await waitFor('the commit', async () => (await unregistered(commits)).length === 0, 40_000);
  },
);

test('one answer with Retry-After: 86400, then a restart: the commit is registered within seconds', async () => {
  const running = await serve();
  const commits = await newCommits(1);
  proxies.MLflow.answerWith(({ url }) =>
    url.includes('/runs/create') ? { status: 429, headers: { 'retry-after': '86400' } } : undefined,
  );
  await sendEvent(running.url, { repository, commit: commits[0] ?? '' });
  await waitFor('the job to be put off', () => proxies.MLflow.answered() > 0);
  await waitFor('its try to end', async () => (await failedTries(running.url)) > 0);
  proxies.MLflow.answerWith(undefined);
  await running.process.stop();
  await serve();
  await waitFor('the commit', async () => (await unregistered(commits)).length === 0, 20_000);
});
