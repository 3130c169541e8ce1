import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLinksTag } from '../../src/contract/links-tag.js';
import { viewOf } from '../../src/facts/runs/run-view.js';
import { createRuntime, type Runtime } from '../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { train } from '../support/mlflow/train.js';
import { realServers } from '../support/servers/real-servers.js';
import { type CliResult, runCli } from '../support/service/cli.js';
import { installationFor, settingsWith } from '../support/service/settings.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe.each(servers)('what runs say they read of a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const experiment = `references-${randomBytes(4).toString('hex')}`;
  let runtime: Runtime;
  let repo = '';
  let a = '';
  let b = '';
  let runs: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    repo = await newRepository(client);
    a = await commitObject(client, repo, 'main', 'gold/a b.csv', 'id\n1\n');
    b = await commitObject(client, repo, 'main', 'gold/x.csv', 'id\n2\n');
    runtime = createRuntime(lakefs, mlflow.url, { installation: { repositories: [repo] } });
    const step = (name: string) => ({ name, experiment });
    const declares = { lakefs_repo: repo, lakefs_commit: a };
    runs = await train(mlflow, [
      { ...step('wild tags'), tags: { 'lakefs.repo': repo, 'lakefs.commit': b } },
      { ...step('page'), tags: { lakefs_dataset: `${lakefs.endpoint}/repositories/${repo}/commits/${b}` } },
      { ...step('param'), params: { data_path: `s3a://${repo}/${b}/gold/x.csv`, lr: '0.1' } },
      {
        ...step('list'),
        params: { data: `['s3://${repo}/${a}/gold/a b.csv', 's3://${repo}/${b}/gold/x.csv']` },
      },
      { ...step('output'), params: { output_path: `s3://${repo}/${b}/gold/x.csv` } },
      { ...step('remark'), tags: { todo: `s3://${repo}/${b}/gold/x.csv is broken` } },
      { ...step('folded'), inputs: [{ source: `s3://${repo}/${a}//gold//a%20b.csv`, name: 'folded' }] },
      { ...step('parent'), tags: declares },
      { ...step('child'), parent: 'parent' },
      { ...step('grandchild'), parent: 'child' },
      { ...step('own word'), parent: 'parent', params: { data: `s3://${repo}/${b}/gold/x.csv` } },
      { ...step('late parent'), end: false },
      { ...step('early child'), parent: 'late parent' },
    ]);
    await runtime.sweep();
    await runtime.drain();
  }, 180_000);

  const view = async (name: string) => viewOf(await runtime.mlflow.runs.getRun(runs[name] ?? ''));
  const linked = async (name: string): Promise<readonly unknown[]> =>
    readLinksTag((await view(name)).tags).links.map(({ commit, where, name, path, kind }) =>
      [commit === a ? 'a' : 'b', where, name, path, kind].join(' '),
    );

  test.each([
    ['wild tags', ['b tag lakefs.commit  declared']],
    ['page', ['b tag lakefs_dataset  declared']],
    ['param', ['b param data_path gold/x.csv declared']],
    ['list', ['a param data gold/a b.csv declared', 'b param data gold/x.csv declared']],
    ['output', []],
    ['remark', []],
    ['folded', ['a input folded gold/a b.csv exact']],
    ['child', ['a parent lakefs_commit  declared']],
    ['grandchild', ['a parent lakefs_commit  declared']],
    ['own word', ['b param data gold/x.csv declared']],
    ['early child', []],
  ])('%s', async (name, links) => {
    expect([...(await linked(name))].sort()).toEqual(links);
  });

  test('a second sweep finds nothing to do', async () => {
    await runtime.sweep();
    expect(runtime.waiting.filter(({ name }) => name === 'link-run')).toEqual([]);
  });

  test('a parent that declares after its child has ended is noticed by the next sweep', async () => {
    const { runs: api } = runtime.mlflow;
    await api.logBatch(runs['late parent'] ?? '', undefined, undefined, [
      { key: 'lakefs_repo', value: repo },
      { key: 'lakefs_commit', value: b },
    ]);
    await runtime.sweep();
    await runtime.drain();
    expect(await linked('early child')).toEqual(['b parent lakefs_commit  declared']);
  });

  const why = (name: string): Promise<CliResult> => {
    const settings = settingsWith(lakefs, { installations: [installationFor(lakefs, mlflow.url)] });
    return runCli(['lineage', runs[name] ?? '', '--why'], { loadSettings: () => Promise.resolve(settings) });
  };

  test.each([
    ['output', 'its key says "output", so it may be what the run wrote'],
    ['remark', 'an address among other text'],
    ['param', "the run's own parameter data_path names this commit"],
    ['page', "the run's own tag lakefs_dataset names"],
    ['grandchild', 'the run that it is nested in names, by lakefs_commit, this commit'],
    ['own word', 'the run itself names data of this repository'],
  ])('lineage --why of %s says: %s', async (name, words) => {
    const { stdout } = await why(name);
    expect(stdout.replace(/\s+/g, ' ')).toContain(words);
  });
});
