import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMlflowClients } from '../../src/mlflow/clients.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { train } from '../support/mlflow/train.js';
import { realServers } from '../support/servers/real-servers.js';
import { type CliResult, runCli } from '../support/service/cli.js';
import { installationFor, settingsWith } from '../support/service/settings.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();
const clients = createMlflowClients(mlflow.url);

describe.each(servers)('lineage of models and of data of a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const suffix = randomBytes(4).toString('hex');
  const experiment = `lineage-data-${suffix}`;
  const boats = `boats ${suffix} v1.2 é`;
  const object = 'gold/train/part 0.csv';
  let repo = '';
  let runs: Readonly<Record<string, string>> = {};
  const commits: Record<string, string> = {};

  beforeAll(async () => {
    repo = await newRepository(client);
    await client.uploadObject(repo, 'main', 'gold/old.csv', 'old');
    await client.uploadObject(repo, 'main', 'gold/train_v2/x.csv', 'other');
    commits.first = await commitObject(client, repo, 'main', object, 'one');
    await client.createBranch(repo, { name: 'side', source: 'main' });
    commits.silver = await commitObject(client, repo, 'main', 'silver/x.csv', 'x');
    commits.second = await commitObject(client, repo, 'main', object, 'two');
    await client.createBranch(repo, { name: 'dev', source: 'main' });
    commits.dev = await commitObject(client, repo, 'dev', object, 'three');
    commits.merged = await client.merge(repo, 'dev', 'main');
    await client.deleteObject(repo, 'main', 'gold/old.csv');
    commits.again = await commitObject(client, repo, 'main', object, 'one');
    commits.side = await commitObject(client, repo, 'side', object, 'something else');

    const reads = (name: string, commit: string, path = 'gold/train') => ({
      name,
      experiment,
      inputs: [{ source: `s3://${repo}/${commit}/${path}`, name, seed: name.length * 7 }],
    });
    runs = await train(mlflow, [
      { ...reads('first', commits.first), model: boats },
      reads('silver', commits.silver, object),
      reads('dev', commits.dev),
      reads('side', commits.side),
      reads('v2', commits.first, 'gold/train_v2'),
      { name: 'tagged', experiment, tags: { lakefs_repo: repo, lakefs_commit: commits.second } },
    ]);
    await clients.models.setRegisteredModelAlias(boats, 'champion', '1');
    await clients.versions.createModelVersion(boats, 's3://somewhere/model');
  });
  afterAll(() => lakefs.stop());

  function ask(...argv: readonly string[]): Promise<CliResult> {
    const settings = settingsWith(lakefs, { installations: [installationFor(lakefs, mlflow.url)] });
    return runCli(['lineage', ...argv], { loadSettings: () => Promise.resolve(settings) });
  }

  async function askJson(...argv: readonly string[]) {
    const { code, stdout, stderr } = await ask('--json', ...argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  const names = (readers: readonly { run: { name: string } }[]) => readers.map(({ run }) => run.name).sort();

  test('a model is answered with the run that made it, by version, alias and logged model', async () => {
    const { code, stdout } = await ask(`models:/${boats}@champion`);
    expect(code).toBe(0);
    expect(stdout).toContain(`Model ${boats} version 1, alias champion\n`);
    expect(stdout).toContain('Produced by this run:\nRun first of experiment');
    expect(stdout).toContain(`${repo} at ${commits.first?.slice(0, 12)}`);
    expect(stdout).toMatch(new RegExp(`Produced by the run\n +model +${boats} version 1, alias champion\n`));
    const byVersion = await askJson(`models:/${boats}/1`);
    expect(byVersion).toMatchObject({
      model: { name: boats, version: '1', aliases: ['champion'] },
      run: { id: runs.first },
      links: [{ commit: commits.first }],
      made: { versions: [{ name: boats, version: '1', aliases: ['champion'] }] },
    });
    const [logged] = byVersion.made.loggedModels;
    expect(await askJson(`models:/${logged}`)).toMatchObject({ run: { id: runs.first } });
  });

  test.each([
    [`models:/${boats}@best`, `model "${boats}" has no alias "best": it has "champion"`],
    [`models:/${boats}/9`, `model "${boats}" has no version 9: its newest is 2`],
    [`models:/${boats}/2`, 'names no run that made it'],
    [`models:/no ${boats}/1`, `has no registered model "no ${boats}"`],
    [`models:/m-${'0'.repeat(32)}`, 'has no logged model'],
  ])('%s leads nowhere, and it says what to do', async (what, message) => {
    const { code, stdout, stderr } = await ask(what);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('a commit shows what it changed, where that is now, who read it and what was produced', async () => {
    const { code, stdout } = await ask(`${repo}/${commits.first}`);
    expect(code).toBe(0);
    expect(stdout).toContain(`${repo} at ${commits.first?.slice(0, 12)} on main: Add ${object}`);
    expect(stdout).toMatch(/changed +gold\/: 1 added\n +gold\/train\/: 1 added/);
    expect(stdout).toContain('Read by 2 runs');
    expect(stdout).toContain(`model     ${boats} version 1, alias champion`);
    expect(stdout).toContain(`read      certain (exact): gold/train at ${commits.first?.slice(0, 12)}`);
    const found = await askJson(`${repo}/main~3`);
    expect(found).toMatchObject({ kind: 'commit', refKind: 'expression' });
    expect(found.commit.commit).toBe(commits.silver);
    expect(names(found.readers)).toEqual(['silver']);
  });

  test('a commit that nobody read is shown too', async () => {
    const { code, stdout } = await ask(`${repo}/main`);
    expect(code).toBe(0);
    expect(stdout).toContain('No known run has read this commit.');
    expect(stdout).toContain('changed   gold/: 1 removed\n');
  });

  test('a path is shown by its versions; equal bytes are one version with two names', async () => {
    const found = await askJson(`${repo}/main/gold/train`);
    expect(found.versions.map(({ commit }: { commit: string }) => commit)).toEqual([
      commits.again,
      commits.merged,
      commits.second,
      commits.first,
    ]);
    const [again, merged, second, first] = found.versions;
    expect(again.sameAs).toBe(commits.first);
    expect(names(first.readers)).toEqual(['first', 'silver']);
    expect(first.alsoKnownAs).toEqual([commits.silver]);
    expect(first.readers[0].versions).toMatchObject([{ name: boats, aliases: ['champion'] }]);
    expect(names(merged.readers)).toEqual(['dev']);
    expect(merged.alsoKnownAs).toEqual([commits.dev]);
    expect(names(second.readers)).toEqual(['tagged']);
    expect(names(found.others)).toEqual(['side']);
    expect(second.changed).toEqual({ added: 0, changed: 1, removed: 0, cut: false });
  });

  test('the text of a path says so too', async () => {
    const { stdout } = await ask(`${repo}/main/gold/train/`);
    expect(stdout).toContain(`gold/train of ${repo}, on main\n`);
    expect(stdout).toMatch(/4 versions in \d commits\./);
    expect(stdout).toContain(`identical to ${commits.first?.slice(0, 12)}, byte for byte`);
    expect(stdout).toContain('read by   no known run');
    expect(stdout).toContain('Older versions or other branches, read by 1 run');
  });

  test('a deleted path keeps its history, an object counts as a path, and a limit is reported', async () => {
    const gone = await askJson(`${repo}/main/gold/old.csv`);
    expect(gone).toMatchObject({ there: false });
    expect(gone.versions[0]).toMatchObject({ commit: commits.again, emptied: true });
    const one = await askJson(`${repo}/main/${object}`, '--limit', '1');
    expect(one.versions).toHaveLength(1);
    expect(one.limits).toEqual({ versions: true });
    expect(names(one.others)).toEqual(['dev', 'side', 'tagged']);
  });

  test.each([
    ['main/gold/trai', 'nothing is or was at gold/trai'],
    ['main/../gold', 'nothing is or was at ../gold'],
    ['main/gold%2Ftrain', 'nothing is or was at gold%2Ftrain'],
    ['main/a ?#é', 'nothing is or was at a ?#é'],
    ['nope', 'has no branch, tag or commit "nope"'],
    ['main^9', 'has no branch, tag or commit "main^9"'],
  ])('REPOSITORY/%s is reported as missing', async (rest, message) => {
    const { code, stdout, stderr } = await ask(`${repo}/${rest}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('options that are for runs are refused for data', async () => {
    const { code, stderr } = await ask('--code', `${repo}/main`);
    expect(code).toBe(2);
    expect(stderr).toContain('--code is for runs and models');
  });
});
