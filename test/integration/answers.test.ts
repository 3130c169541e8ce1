import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRuntime } from '../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { train } from '../support/mlflow/train.js';
import { freePort } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { type CliResult, runCli } from '../support/service/cli.js';
import { installationFor, settingsWith } from '../support/service/settings.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();

describe.each(servers)('answers about runs that read data of a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const experiment = `answers-${randomBytes(4).toString('hex')}`;
  const csv = 'id,value\n1,2\n2,3\n';
  let repo = '';
  let first = '';
  let elsewhere = '';
  let later = '';
  let runs: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    repo = await newRepository(client);
    await client.uploadObject(repo, 'main', 'gold/old.csv', 'old\n');
    await client.uploadObject(repo, 'main', 'gold_v2/train.csv', 'of another dataset\n');
    first = await commitObject(client, repo, 'main', 'gold/train.csv', csv);
    elsewhere = await commitObject(client, repo, 'main', 'silver/part.csv', csv);
    await client.uploadObject(repo, 'main', 'gold/new.csv', 'new\n');
    await client.uploadObject(repo, 'main', 'gold_v2/train.csv', 'changed beside it\n');
    await client.deleteObject(repo, 'main', 'gold/old.csv');
    later = await commitObject(client, repo, 'main', 'gold/train.csv', `${csv}3,4\n`);
    const step = (name: string) => ({ name, experiment });
    const gold = (commit: string, seed: number, parts: object = {}) => ({
      ...{ source: `s3://${repo}/${commit}/gold`, name: 'train', seed },
      ...parts,
    });
    const declares = (commit: string) => ({ lakefs_repo: repo, lakefs_commit: commit });
    runs = await train(mlflow, [
      { ...step('exact'), inputs: [gold(first, 1)] },
      // Another scheme, another commit, a closing slash: the bytes are the same.
      {
        ...step('spark'),
        inputs: [{ ...gold(elsewhere, 2), source: `s3a://${repo}/${elsewhere}/gold/`, kind: 'spark' }],
      },
      { ...step('later'), inputs: [gold(later, 3)] },
      { ...step('declared'), tags: declares(first) },
      { ...step('autolog'), tags: declares(first), inputs: [{ kind: 'code', name: 'dataset' }] },
      { ...step('conflict'), tags: declares(later), inputs: [gold(first, 4)] },
      { ...step('bucket'), inputs: [{ source: 's3://plain-bucket/x/y', name: 'plain', seed: 5 }] },
      { ...step('code'), inputs: [{ kind: 'code', name: 'dataset', seed: 6 }] },
      { ...step('nothing') },
      // A whole id would be found in the one repository that has it.
      { ...step('half'), tags: { lakefs_commit: first.slice(0, 12) } },
      { ...step('big one'), inputs: [gold(first, 7, { name: 'big', rows: 10_002 })] },
      { ...step('big two'), inputs: [gold(later, 7, { name: 'big', rows: 10_002, tail: 9 })] },
      { ...step('ignored'), tags: { ...declares(first), 'lakefs.ignore': 'true' } },
      { ...step('running'), end: false },
      { ...step('deleted'), tags: declares(first) },
    ]);
    await runtime().mlflow.runs.deleteRun(id('deleted'));
  });
  afterAll(() => lakefs.stop());

  const runtime = () =>
    createRuntime(lakefs, mlflow.url, {
      installation: { repositories: [repo], experiments: [experiment] },
    });
  const id = (name: string): string => runs[name] ?? '';

  function ask(
    argv: readonly string[],
    changes: { lakefs?: object; columns?: number } = {},
  ): Promise<CliResult> {
    const base = installationFor(lakefs, mlflow.url, {
      repositories: [repo],
      experiments: [experiment, `other-${experiment}*`],
    });
    const installation = { ...base, lakefs: { ...base.lakefs, ...changes.lakefs } };
    const settings = settingsWith(lakefs, { installations: [installation] });
    const { columns } = changes;
    return runCli(argv, {
      loadSettings: () => Promise.resolve(settings),
      ...(columns === undefined ? {} : { columns, env: { NO_COLOR: '1' } }),
    });
  }

  async function askJson(argv: readonly string[]) {
    const { code, stdout } = await ask([...argv, '--json']);
    return { code, answer: JSON.parse(stdout) };
  }

  describe('coverage', () => {
    test('counts every run once, by the weakest of its evidence', async () => {
      const { code, answer } = await askJson(['coverage', experiment]);
      expect(code).toBe(0);
      expect(answer.scope).toMatchObject({ kind: 'experiment', name: experiment });
      // Neither the deleted nor the ignored run is counted.
      expect(answer).toMatchObject({ runs: 13, running: 1, coveredBeside: { runs: 1 } });
      const { exact, likely, ...others } = answer.evidence;
      expect(others).toMatchObject({ declared: 2, conflict: 1, nothing: 5, unknown: 0 });
      expect(exact + likely).toBe(5);
      expect(likely).toBeGreaterThan(0);
      expect(answer.covered).toBe(exact + 2);
      const counted = answer.groups.reduce((sum: number, group: { runs: number }) => sum + group.runs, 0);
      expect(counted + answer.covered).toBe(13);
    });

    test('gives the reason for each group, and the line that fixes it', async () => {
      const { answer } = await askJson(['coverage', experiment]);
      const group = (cause: string) => answer.groups.find((one: { cause: string }) => one.cause === cause);
      expect(
        group('no-dataset')
          .examples.map(({ name }: { name: string }) => name)
          .sort(),
      ).toEqual(['nothing', 'running']);
      for (const [cause, name] of [
        ['code-source', 'code'],
        ['unknown-repository', 'bucket'],
        ['incomplete-tags', 'half'],
        ['contradiction', 'conflict'],
      ] as const) {
        expect(group(cause).examples[0]).toMatchObject({ run: id(name), name });
        expect(group(cause).mend.script.at(-1)).toContain('mlflow.set_tags({"lakefs_repo": ');
      }
      expect(group('shared-source').mend.script).toContain(`source = f"s3://${repo}/{commit}/gold"`);
      expect(group('shared-source').mend.run[1]).toContain('set_tag(');
    });

    test('--min fails in one line that says what is missing, and passes where it is met', async () => {
      const short = await ask(['coverage', experiment, '--min', '95']);
      expect(short.code).toBe(1);
      expect(short.stderr).toMatch(
        /^lakefs-mlflow: \d of 13 runs covered \(\d\d\.\d %\); 95 % needs \d more\n$/,
      );
      expect(short.stdout).toContain(`Coverage of experiment ${experiment}`);
      expect(await ask(['coverage', experiment, '--min', '10%'])).toMatchObject({ code: 0, stderr: '' });
    });

    test('without a name it covers all watched experiments; a limit takes the newest runs', async () => {
      expect((await askJson(['coverage'])).answer).toMatchObject({
        runs: 13,
        scope: { kind: 'all', experiments: 1 },
      });
      const { answer } = await askJson(['coverage', '--limit', '2']);
      expect(answer.runs).toBe(2);
      expect((await askJson(['coverage', '--since', '1h'])).answer.runs).toBe(13);
      expect((await askJson(['coverage', '--since', '2099-01-01', '--min', '95'])).answer).toMatchObject({
        ...{ runs: 0, percent: null, min: { met: true } },
      });
    });

    test('the versions of a model are counted by the runs that made them', async () => {
      const { models, versions } = runtime().mlflow;
      const name = `model-${randomBytes(4).toString('hex')}`;
      await models.createRegisteredModel(name);
      await versions.createModelVersion(name, `runs:/${id('exact')}/model`, id('exact'));
      await versions.createModelVersion(name, `runs:/${id('deleted')}/model`, id('deleted'));
      await versions.createModelVersion(name, 's3://somewhere/model');
      const { answer } = await askJson(['coverage', `models:/${name}`]);
      expect(answer).toMatchObject({ runs: 3, scope: { kind: 'model', name } });
      expect(answer.evidence).toMatchObject({ declared: 1, nothing: 1 });
      expect(answer.groups.map(({ cause }: { cause: string }) => cause)).toContain('no-run');
      expect((await ask(['coverage', name])).stdout).toContain('3 versions: ');
    });

    test('an experiment that does not exist or does not count is reported', async () => {
      const { mlflow: clients } = runtime();
      const empty = await clients.experiments.createExperiment(`other-${experiment}-empty`);
      expect(await ask(['coverage', empty])).toMatchObject({ code: 0, stderr: '' });
      expect((await ask(['coverage', empty])).stdout).toContain('There are no runs.');
      await clients.experiments.setExperimentTag(empty, 'lakefs.ignore', 'true');
      const ignored = await ask(['coverage', empty]);
      expect(ignored).toMatchObject({ code: 1, stdout: '' });
      expect(ignored.stderr).toContain('is tagged lakefs.ignore, so its runs are not counted');
      const missing = await ask(['coverage', `${experiment}x`]);
      expect(missing).toMatchObject({ code: 1, stdout: '' });
      expect(missing.stderr).toContain(`did you mean "${experiment}"?`);
      // Nothing that is mistyped may pass for something without runs.
      for (const name of ['models:/nobody', 'nobody', '/team/nobody', `no'b"ody`]) {
        const nobody = await ask(['coverage', name, '--since', '1h', '--min', '95']);
        expect(nobody).toMatchObject({ code: 1, stdout: '' });
        expect(nobody.stderr).toMatch(/MLflow at \S+ has no/);
        expect(nobody.stderr).toContain('MLFLOW_WORKSPACE');
      }
      for (const wrong of [['--min', '101'], ['--limit', '0'], ['--since', 'soon'], ['models:/a/1']]) {
        expect((await ask(['coverage', ...wrong])).code).toBe(2);
      }
    });

    test('wrong keys leave runs unknown, in the denominator; no lakeFS at all is an error', async () => {
      const keys = await ask(['coverage', experiment, '--json'], { lakefs: { secretAccessKey: 'wrong' } });
      const answer = JSON.parse(keys.stdout);
      expect(answer).toMatchObject({ runs: 13, covered: 0 });
      expect(answer.evidence.unknown).toBeGreaterThanOrEqual(7);
      const [group] = answer.groups;
      expect(group).toMatchObject({ cause: 'unreadable' });
      expect(group.examples[0].detail).toContain('check LAKECTL_CREDENTIALS_ACCESS_KEY_ID');
      const nobody = `http://127.0.0.1:${await freePort()}`;
      const away = await ask(['coverage', experiment], { lakefs: { endpoint: nobody, publicUrl: nobody } });
      expect(away).toMatchObject({ code: 1, stdout: '' });
      expect(away.stderr).toMatch(/^lakefs-mlflow: lakeFS cannot be reached \(ECONNREFUSED\)/);
    });
  });

  describe('compare', () => {
    const compare = (first: string, second: string) => askJson(['compare', id(first), id(second)]);

    test('other schemes, commits and slashes are the same data where the bytes are', async () => {
      const { code, answer } = await compare('exact', 'spark');
      expect({ code, outcome: answer.outcome }).toEqual({ code: 0, outcome: 'same' });
      expect(answer.pairs).toMatchObject([{ relation: 'same-bytes', certain: true, difference: null }]);
      expect(answer.code.relation).toMatch(/same|unknown/);
    });

    test('what differs is listed with sizes, and nothing beside the path is', async () => {
      const { code, answer } = await compare('exact', 'later');
      expect({ code, outcome: answer.outcome }).toEqual({ code: 3, outcome: 'differ' });
      const [pair] = answer.pairs;
      expect(pair.difference).toMatchObject({ added: 1, removed: 1, changed: 1, complete: true });
      expect(
        pair.difference.objects.sort((a: { path: string }, b: { path: string }) =>
          a.path < b.path ? -1 : 1,
        ),
      ).toEqual([
        { type: 'added', path: 'gold/new.csv', before: null, after: 4 },
        { type: 'removed', path: 'gold/old.csv', before: 4, after: null },
        { type: 'changed', path: 'gold/train.csv', before: csv.length, after: csv.length + 4 },
      ]);
      const one = await ask(['compare', id('exact'), id('later'), '--limit', '1']);
      expect(one.stdout).toContain('… and 2 objects more; use --limit to list them');
    });

    test('a merge commit and the commit that was merged are the same data', async () => {
      await client.createBranch(repo, { name: 'work', source: later });
      const worked = await commitObject(client, repo, 'work', 'bronze/x.csv', csv);
      await commitObject(client, repo, 'main', 'other/y.csv', csv);
      const merged = await client.merge(repo, 'work', 'main');
      const input = (commit: string) => [{ source: `s3://${repo}/${commit}/bronze/`, name: 'x', seed: 50 }];
      const both = await train(mlflow, [
        { name: 'branch', experiment: `other-${experiment}`, inputs: input(worked) },
        { name: 'merge', experiment: `other-${experiment}-2`, inputs: input(merged) },
      ]);
      const { code, answer } = await askJson(['compare', both.branch ?? '', both.merge ?? '']);
      expect({ code, relation: answer.pairs[0].relation }).toEqual({ code: 0, relation: 'same-bytes' });
    });

    test.each([
      ['big one', 'big two', 'not certain (likely)'],
      ['conflict', 'exact', 'not certain (conflict)'],
      ['exact', 'declared', 'names a commit without a path'],
      ['exact', 'nothing', 'no lakeFS data is known for the second run'],
      ['running', 'exact', 'has not ended'],
      ['declared', 'autolog', 'nothing is known of dataset'],
    ])('%s and %s cannot be known, and the reason is given', async (first, second, reason) => {
      const { code, answer } = await compare(first, second);
      expect({ code, outcome: answer.outcome }).toEqual({ code: 4, outcome: 'unknown' });
      expect(JSON.stringify(answer)).toContain(reason);
    });

    test('a deleted run is compared too; the same run twice is the same', async () => {
      expect((await compare('declared', 'deleted')).code).toBe(0);
      expect((await compare('nothing', 'nothing')).code).toBe(0);
    });

    test('data, missing runs and wrong usage are distinguished', async () => {
      expect((await ask(['compare', id('exact'), `${repo}/main`])).code).toBe(2);
      expect((await ask(['compare', id('exact')])).code).toBe(2);
      const missing = await ask(['compare', id('exact'), '0'.repeat(32)]);
      expect(missing).toMatchObject({ code: 1, stdout: '' });
      expect(missing.stderr).toContain('has no run');
    });
  });

  describe('check', () => {
    const check = (name: string, require: string) => askJson(['check', id(name), '--require', require]);

    test('a run whose data is certain, promoted and current passes', async () => {
      const { code, answer } = await check('later', 'exact,certain,promoted,current,complete');
      expect(answer.results.map(({ result }: { result: string }) => result)).toEqual(Array(5).fill('met'));
      expect({ code, passed: answer.passed }).toEqual({ code: 0, passed: true });
      expect(answer.links).toMatchObject([
        { commit: later, status: 'current', promotedTo: ['main'], kept: null },
      ]);
    });

    test('data that was never merged is not promoted; a squash merge promotes it, newer data supersedes it', async () => {
      await client.createBranch(repo, { name: 'experiment', source: later });
      const commit = await commitObject(client, repo, 'experiment', 'lab/x.csv', csv);
      const { lab = '' } = await train(mlflow, [
        {
          name: 'lab',
          experiment: `other-${experiment}-lab`,
          tags: { lakefs_repo: repo, lakefs_commit: commit },
        },
      ]);
      const { code, stderr } = await ask(['check', lab, '--require', 'declared,promoted']);
      expect(code).toBe(1);
      expect(stderr).toContain(`${lab} is not promoted: ${repo}@${commit.slice(0, 12)} is not on a branch`);
      await client.merge(repo, 'experiment', 'main', { squash_merge: true });
      expect(await ask(['check', lab, '--require', 'promoted,current'])).toMatchObject({
        code: 0,
        stderr: '',
      });
      await commitObject(client, repo, 'main', 'lab/x.csv', 'newer');
      const newer = await ask(['check', lab, '--require', 'not-reverted,promoted,current']);
      expect(newer.code).toBe(1);
      expect(newer.stderr).toMatch(/ is not current: \S+ is superseded: /);
    });

    test.each([
      ['conflict', 'certain', 'failed'],
      ['big two', 'exact', 'failed'],
      ['autolog', 'complete', 'failed'],
      ['running', 'known', 'unknown'],
      ['nothing', 'known', 'failed'],
      ['nothing', 'current', 'unknown'],
    ])('%s does not meet "%s": %s', async (name, word, result) => {
      const { code, answer } = await check(name, word);
      expect(code).toBe(1);
      expect(answer.results).toMatchObject([{ word, result }]);
    });

    test('a model is checked by the run that made it, under its alias', async () => {
      const { models, versions } = runtime().mlflow;
      const name = `model-${randomBytes(4).toString('hex')}`;
      await models.createRegisteredModel(name);
      const { version } = await versions.createModelVersion(name, `runs:/${id('later')}/model`, id('later'));
      await models.setRegisteredModelAlias(name, 'champion', version);
      const passed = await ask(['check', `models:/${name}@champion`, '--require', 'exact,promoted']);
      expect(passed).toMatchObject({ code: 0, stderr: '' });
      expect(passed.stdout).toContain(`Passed: models:/${name}@champion, produced by run later`);
    });

    test('an unknown word is wrong usage; refused keys fail the check', async () => {
      const wrong = await ask(['check', id('later'), '--require', 'exakt']);
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toContain('it takes known, complete, certain');
      const keys = await ask(['check', id('later')], { lakefs: { secretAccessKey: 'wrong' } });
      expect(keys).toMatchObject({ code: 1, stdout: '' });
      expect(keys.stderr).toContain('check LAKECTL_CREDENTIALS_ACCESS_KEY_ID');
    });
  });

  describe('verify', () => {
    test('runs that the service has not tagged differ, and the answer says how to tag them', async () => {
      const { code, stdout, stderr } = await ask(['verify', id('exact')]);
      expect(code).toBe(1);
      expect(stdout).toContain(`lakefs_commit is absent, should be "${first}"`);
      expect(stdout).toContain('The service has not tagged it yet');
      expect(stderr).toBe('lakefs-mlflow: the tags of run exact differ from what they should be\n');
    });

    test('it writes nothing; after a sweep everything matches', async () => {
      const before = JSON.stringify(await runtime().mlflow.runs.getRun(id('exact')));
      await ask(['verify', experiment]);
      expect(JSON.stringify(await runtime().mlflow.runs.getRun(id('exact')))).toBe(before);
      await runtime().sweep();
      const { code, answer } = await askJson(['verify', experiment]);
      expect(answer).toMatchObject({ runs: 14, differ: 0, unknown: 0, agree: true, findings: [] });
      expect(code).toBe(0);
    });

    test('a tag of ours that was edited or removed by hand is found', async () => {
      const { runs: api } = runtime().mlflow;
      await api.setTag(id('later'), 'lakefs.evidence', 'declared');
      await api.deleteTag(id('later'), 'lakefs.status');
      const { code, answer } = await askJson(['verify', experiment]);
      expect(code).toBe(1);
      expect(answer).toMatchObject({ differ: 1, agree: false });
      expect(answer.findings).toMatchObject([
        {
          ...{ kind: 'differs', id: id('later'), cause: 'changed' },
          differences: [
            { key: 'lakefs.evidence', there: 'declared', should: 'exact' },
            { key: 'lakefs.status', there: null },
          ],
        },
      ]);
      expect((await ask(['verify', id('later')])).stdout).toContain('A tag was edited by hand');
      expect((await ask(['verify', experiment, '--limit', '1'])).stdout).not.toContain('more; use --limit');
    });

    test('a run that names no data, a deleted run and a missing run are each reported', async () => {
      expect(await ask(['verify', id('nothing')])).toMatchObject({ code: 0, stderr: '' });
      expect((await ask(['verify', id('deleted')])).stdout).toContain('The run is deleted.');
      const missing = await ask(['verify', '0'.repeat(32)]);
      expect(missing.code).toBe(1);
      expect(missing.stderr).toContain(`has no run ${'0'.repeat(32)}`);
      const nobody = await ask(['verify', 'nobody']);
      expect(nobody.stderr).toContain('has no experiment and no run "nobody"');
      expect(nobody.stderr).toContain('it may be in another workspace: check MLFLOW_WORKSPACE');
      expect((await ask(['verify', ''])).code).toBe(2);
    });

    test('what cannot be read is unknown and fails', async () => {
      const { code, stdout, stderr } = await ask(['verify', id('exact')], {
        lakefs: { secretAccessKey: 'wrong' },
      });
      expect(code).toBe(1);
      expect(stdout).toContain('It could not be checked: lakeFS answered 401');
      expect(stderr).toContain('the tags of run exact could not be checked');
    });
  });
});
