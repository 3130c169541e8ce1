import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMlflowClients } from '../../src/mlflow/clients.js';
import { createRuntime } from '../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { train } from '../support/mlflow/train.js';
import { realServers } from '../support/servers/real-servers.js';
import { type CliResult, runCli } from '../support/service/cli.js';
import { installationFor, settingsWith } from '../support/service/settings.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();
const clients = createMlflowClients(mlflow.url);

describe.each(servers)('impact of data of a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const suffix = randomBytes(4).toString('hex');
  const experiment = `impact-${suffix}`;
  const boats = `boats ${suffix} é`;
  const object = 'gold/train/part 0.csv';
  let repo = '';
  let runs: Readonly<Record<string, string>> = {};
  const commits: Record<string, string> = {};

  beforeAll(async () => {
    repo = await newRepository(client);
    await client.uploadObject(repo, 'main', 'gold/train_v2/x.csv', 'other');
    await client.uploadObject(repo, 'main', 'gold/train/part 1.csv', 'one');
    commits.good = await commitObject(client, repo, 'main', object, 'good');
    await client.createBranch(repo, { name: 'dev', source: 'main' });
    await client.createBranch(repo, { name: 'feature', source: 'main' });
    commits.bad = await commitObject(client, repo, 'main', object, 'bad');
    await client.createBranch(repo, { name: 'anew', source: 'main' });
    commits.later = await commitObject(client, repo, 'main', 'silver/x.csv', 'x');
    commits.anew = await commitObject(client, repo, 'anew', object, 'third');
    commits.picked = (await client.cherryPick(repo, 'dev', { ref: commits.bad })).id;
    await client.revert(repo, 'main', { ref: commits.bad, parent_number: 1 });
    commits.fixed = (await client.getCommit(repo, 'main')).id;
    commits.feature = await commitObject(client, repo, 'feature', 'gold/new/y.csv', 'y');
    commits.merged = await client.merge(repo, 'feature', 'main', { squash_merge: true });

    const reads = (name: string, commit: string, path = 'gold/train') => ({
      name,
      experiment,
      inputs: [{ source: `s3://${repo}/${commit}/${path}`, name, seed: name.length * 7 }],
    });
    runs = await train(mlflow, [
      reads('good', commits.good),
      reads('bad', commits.bad, object),
      reads('later', commits.later),
      reads('picked', commits.picked),
      reads('anew', commits.anew),
      reads('fixed', commits.fixed),
      reads('silver', commits.later, 'silver'),
      reads('second', commits.bad, 'gold/train_v2'),
      reads('feature', commits.feature, 'gold/new'),
      reads('merged', commits.merged, 'gold/new/y.csv'),
      { name: 'tagged', experiment, tags: { lakefs_repo: repo, lakefs_commit: commits.bad } },
    ]);
    await clients.models.createRegisteredModel(boats);
    for (const name of ['later', 'bad', 'good']) {
      await clients.versions.createModelVersion(boats, `runs:/${runs[name]}/model`, runs[name]);
    }
    await clients.models.setRegisteredModelAlias(boats, 'champion', '2');
  });
  afterAll(() => lakefs.stop());

  function ask(argv: readonly string[]): Promise<CliResult> {
    const installation = installationFor(lakefs, mlflow.url);
    const settings = settingsWith(lakefs, { installations: [installation] });
    return runCli(['impact', ...argv], { loadSettings: () => Promise.resolve(settings) });
  }

  async function askJson(what: string, ...options: string[]) {
    const { code, stdout, stderr } = await ask(['--json', ...options, what]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  interface HitJson {
    readonly run: { readonly name: string };
    readonly links: readonly { readonly reach: string }[];
  }
  const reached = (hits: readonly HitJson[]) =>
    Object.fromEntries(hits.map(({ run, links }) => [run.name, links[0]?.reach]));

  test('of a commit: who read it, what followed until it was reverted, and the same bytes elsewhere', async () => {
    const found = await askJson(`${repo}/${commits.bad}`);
    expect(reached(found.hits)).toEqual({
      bad: 'itself',
      tagged: 'itself',
      later: 'downstream',
      picked: 'same-bytes',
    });
    expect(reached(found.maybe)).toEqual({ anew: 'rewritten' });
    expect(found.spared).toBe(1);
    expect(found.hits.map(({ run }: HitJson) => run.name)).toEqual(['bad', 'later', 'tagged', 'picked']);
    expect(found.hits[0].versions).toMatchObject([{ name: boats, version: '2', aliases: ['champion'] }]);
    expect(found.branches).toEqual(
      expect.arrayContaining([
        { branch: 'main', reach: 'undone' },
        { branch: 'anew', reach: 'rewritten' },
        { branch: 'dev', reach: 'same-bytes' },
      ]),
    );
  });

  test('the text puts the model with an alias first, and says how its run is known to have read the data', async () => {
    const { stdout } = await ask([`${repo}/${commits.bad?.slice(0, 12)}`]);
    expect(stdout).toContain(
      `Impact of a commit of ${repo}: ${commits.bad?.slice(0, 12)} on main: Add ${object}`,
    );
    expect(stdout).toContain('changed   gold/train/: 1 changed');
    expect(stdout).toContain('They produced 2 model versions, 1 with an alias.');
    expect(stdout).toMatch(/Models with an alias \(1\)\n\n/);
    expect(stdout).toContain(`${boats} version 2, alias champion\n`);
    expect(stdout).toContain(
      `read      certain (exact): ${object} at ${commits.bad?.slice(0, 12)}, the commit itself`,
    );
    expect(stdout.indexOf('alias champion')).toBeLessThan(stdout.indexOf('version 1'));
  });

  test('of a branch: what its own commits brought, also where it was squash merged', async () => {
    const found = await askJson(`${repo}/feature`);
    expect(found.kind).toBe('branch');
    expect(reached(found.hits)).toEqual({ feature: 'itself', merged: 'same-bytes' });
    expect(found.changed).toMatchObject([{ path: 'gold/new/', added: 1 }]);
  });

  test('of a path: who read the same bytes, whatever the commit is called', async () => {
    const found = await askJson(`${repo}/${commits.good}/gold/train`);
    expect(reached(found.hits)).toMatchObject({ good: 'itself', fixed: 'same-bytes' });
    const partly = found.hits.find(({ run }: HitJson) => run.name === 'later');
    expect(partly.links).toMatchObject([{ reach: 'same-bytes', holds: 1, of: 2 }]);
    expect(reached(found.hits)).not.toHaveProperty('second');
    expect(reached(found.hits)).not.toHaveProperty('bad');
  });

  test('of the default branch: every run that read a commit which it holds', async () => {
    const found = await askJson(`${repo}/main`);
    expect(Object.keys(reached(found.hits)).sort()).toEqual(
      ['bad', 'fixed', 'good', 'later', 'merged', 'second', 'silver', 'tagged'].sort(),
    );
  });

  test('the CSV has one row for each run, version and input', async () => {
    const { code, stdout } = await ask(['--csv', `${repo}/${commits.bad}`]);
    expect(code).toBe(0);
    const lines = stdout.split('\r\n');
    expect(lines[0]).toMatch(/^concern,model,version,aliases,run_id/);
    expect(lines[1]).toContain(`"hit, under an alias",${boats},2,champion,${runs.bad},bad,`);
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toBe('');
  });

  test('with the service at work the same is found by tags alone', async () => {
    const runtime = createRuntime(lakefs, mlflow.url, { installation: { repositories: [repo] } });
    await runtime.sweep();
    const found = await askJson(`${repo}/${commits.bad}`, '--scan', '0');
    expect(Object.keys(reached(found.hits)).sort()).toEqual(['bad', 'later', 'picked', 'tagged']);
    expect(found.looked).toMatchObject({ scanned: 0, scanCut: true });
  });

  test.each([
    [() => `${repo}/nope`, 'has no branch, tag or commit "nope"'],
    [() => `${repo}/mian`, 'did you mean "main"?'],
    [() => `${repo}/main~x`, 'has no branch, tag or commit "main~x"'],
    [() => `${repo}/main~99`, 'has no branch, tag or commit "main~99"'],
    [() => `${repo}/main$`, 'names uncommitted data'],
    [() => `${repo}/..`, 'has no branch, tag or commit ".."'],
    [() => `${repo}/main/gold/trai`, 'nothing is at gold/trai'],
    [() => `${repo}/main/../gold`, 'nothing is at ../gold'],
    [() => `${repo}/main/gold%2Ftrain`, 'nothing is at gold%2Ftrain'],
    [() => `${repo}/main/a ?#é`, 'nothing is at a ?#é'],
    [() => `x${repo}/main`, 'has no repository'],
    [() => `https://lakefs.example/repositories/${repo}/commits/main`, 'is not a lakeFS of the settings'],
  ])('bad input %#: %s', async (what, message) => {
    const { code, stdout, stderr } = await ask([what()]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });
});
