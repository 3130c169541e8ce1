import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isNotFound } from '../../src/lakefs/errors.js';
import { createRuntime } from '../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { train } from '../support/mlflow/train.js';
import { onLoopback } from '../support/servers/loopback.js';
import { freePort, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { type CliResult, runCli } from '../support/service/cli.js';
import { installationFor, settingsWith } from '../support/service/settings.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();

describe.each(servers)('lineage of runs that read data of a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const experiment = `lineage-${randomBytes(4).toString('hex')}`;
  const csv = 'id,value\n1,2\n2,3\n';
  let repo = '';
  let a = '';
  let b = '';
  let runs: Readonly<Record<string, string>> = {};
  let toMlflow: Recorder;
  let toLakefs: Recorder;

  beforeAll(async () => {
    toMlflow = await recorder(mlflow.url);
    toLakefs = await recorder(lakefs.endpoint);
    repo = await newRepository(client);
    a = await commitObject(client, repo, 'main', 'gold/train.csv', csv);
    b = await commitObject(client, repo, 'main', 'silver/été "x"/part.csv', csv);
    const uri = (ref: string, path: string): string => `s3://${repo}/${ref}/${path}`;
    const step = (name: string) => ({ name, experiment });
    runs = await train(mlflow, [
      { ...step('exact'), inputs: [{ source: uri(a, 'gold/train.csv'), name: 'train' }] },
      {
        ...step('several'),
        inputs: [
          { source: uri(a, 'gold/train.csv'), name: 'one', seed: 1 },
          { source: uri(b, 'silver/été "x"'), name: 'two', seed: 2 },
        ],
      },
      { ...step('big'), inputs: [{ source: uri(a, 'gold/train.csv'), name: 'big', rows: 10_002 }] },
      { ...step('tags'), tags: { lakefs_repo: repo, lakefs_commit: b } },
      { ...step('nothing') },
      { ...step('branch'), inputs: [{ source: uri('main', 'gold/train.csv'), name: 'moving', seed: 3 }] },
      {
        ...step('running'),
        inputs: [{ source: uri(a, 'gold/train.csv'), name: 'now', seed: 4 }],
        end: false,
      },
      { ...step('deleted'), tags: { lakefs_repo: repo, lakefs_commit: a } },
    ]);
    await runtime().mlflow.runs.deleteRun(id('deleted'));
  });
  afterAll(async () => {
    toMlflow.close();
    toLakefs.close();
    await lakefs.stop();
  });

  const runtime = () => createRuntime(lakefs, mlflow.url, { installation: { repositories: [repo] } });
  const id = (name: string): string => runs[name] ?? '';

  function ask(
    argv: readonly string[],
    changes: { lakefs?: object; mlflow?: object } = {},
  ): Promise<CliResult> {
    const base = installationFor({ ...lakefs, endpoint: toLakefs.url }, toMlflow.url);
    const installation = {
      ...base,
      lakefs: { ...base.lakefs, ...changes.lakefs },
      mlflow: {
        ...base.mlflow,
        publicUrl: 'https://mlflow.example',
        connections: 'auto' as const,
        ...changes.mlflow,
      },
    };
    const settings = settingsWith(lakefs, { installations: [installation] });
    return runCli(['lineage', ...argv], { loadSettings: () => Promise.resolve(settings) });
  }

  async function askJson(name: string) {
    const { code, stdout } = await ask(['--json', id(name)]);
    expect(code).toBe(0);
    return JSON.parse(stdout);
  }

  test('a dataset that names the commit is shown with its commit, branch, message, evidence and pages', async () => {
    const { code, stdout, stderr } = await ask([id('exact')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Run exact of experiment ${experiment}, finished `);
    expect(stdout).toMatch(new RegExp(`https://mlflow.example/#/experiments/\\d+/runs/${id('exact')}\n`));
    expect(stdout).toContain(`${repo} at ${a.slice(0, 12)} on main: Add gold/train.csv`);
    expect(stdout).toContain('read      gold/train.csv, as dataset "train" (training)');
    expect(stdout).toContain('we know   certain (exact): ');
    expect(stdout).toContain(`/repositories/${repo}/commits/${a}\n`);
  });

  test('the JSON has the documented shape', async () => {
    const answer = await askJson('exact');
    expect(answer).toMatchObject({ kind: 'run', known: true, notes: [] });
    expect(answer.run).toMatchObject({
      id: id('exact'),
      name: 'exact',
      experiment,
      status: 'FINISHED',
      deleted: false,
    });
    expect(answer.links).toHaveLength(1);
    expect(answer.links[0]).toMatchObject({
      ...{ installation: 'default', repository: repo, branch: 'main', commit: a, found: true },
      ...{ message: 'Add gold/train.csv', path: 'gold/train.csv', ref: a, where: 'input', name: 'train' },
      ...{ context: 'training', kind: 'exact', certain: true, flags: [], kept: null },
    });
    expect(Date.parse(answer.links[0].date)).toBeGreaterThan(0);
    expect(answer.references).toEqual([
      expect.objectContaining({ where: 'input', name: 'train', verdict: 'commit', commit: a, reason: null }),
    ]);
  });

  test('several commits, tags alone, a running and a deleted run are all answered', async () => {
    expect((await askJson('several')).links.map((link: { commit: string }) => link.commit).sort()).toEqual(
      [a, b].sort(),
    );
    expect((await askJson('tags')).links).toMatchObject([
      { commit: b, path: '', kind: 'declared', where: 'tag' },
    ]);
    expect((await askJson('running')).notes).toEqual(['The run has not ended; it may still name more.']);
    const deleted = await askJson('deleted');
    expect(deleted.run.deleted).toBe(true);
    expect(deleted.links).toMatchObject([{ commit: a, kind: 'declared' }]);
    expect(deleted.notes[0]).toContain('deleted in MLflow');
  });

  test('where nothing is known it exits 0, says what it checked and how to fix it', async () => {
    const nothing = await ask([id('nothing')]);
    expect(nothing.code).toBe(0);
    expect(nothing.stdout).toContain('- dataset inputs: none logged');
    expect(nothing.stdout).toContain(
      'mlflow.set_tags({"lakefs_repo": "my-repository", "lakefs_commit": commit})',
    );
    expect((await askJson('nothing')).known).toBe(false);
  });

  test('where only a branch is named it says that it cannot be sure, why, and how to fix it', async () => {
    const branch = await ask([id('branch'), '--why']);
    expect(branch.code).toBe(0);
    expect(branch.stdout).toContain('It read lakeFS data, but the commit is unknown');
    expect(branch.stdout).toContain('not certain (ambiguous): the run names the branch main, ');
    expect(branch.stdout).toContain(`commit = lakefs.repository("${repo}").ref("main").get_commit().id`);
    expect(branch.stdout).toContain(`source = f"s3://${repo}/{commit}/gold/train.csv"`);
  });

  test("a pasted address of MLflow's page and blanks around the id just work", async () => {
    for (const text of [` ${id('exact')} `, `${mlflow.url}/#/experiments/1/runs/${id('exact')}/artifacts`]) {
      expect((await ask([text])).stdout).toContain(`${repo} at ${a.slice(0, 12)}`);
    }
  });

  test('it asks little and writes nothing', async () => {
    toMlflow.seen.length = 0;
    toLakefs.seen.length = 0;
    await ask([id('exact')]);
    const head = (await client.getBranch(repo, 'main')).commit_id;
    expect(toMlflow.seen.map(withoutQuery)).toEqual([
      'GET /api/2.0/mlflow/runs/get',
      'GET /api/2.0/mlflow/experiments/get',
    ]);
    const expected = [
      `GET /api/v1/repositories/${repo}`,
      `GET /api/v1/repositories/${repo}/commits/${a}`,
      `GET /api/v1/repositories/${repo}/branches`,
      // Whether anything is at the path, in the directory of that name or as the object.
      `GET /api/v1/repositories/${repo}/refs/${a}/objects/ls`,
      `GET /api/v1/repositories/${repo}/refs/${a}/objects/ls`,
      // Whether the path was ever changed, on any branch or under any tag.
      `GET /api/v1/repositories/${repo}/branches`,
      `GET /api/v1/repositories/${repo}/tags`,
      `GET /api/v1/repositories/${repo}/refs/${a}/commits`,
      `GET /api/v1/repositories/${repo}/refs/${head}/commits`,
      // Whether the branch contains the commit, and whether the data is still good.
      `GET /api/v1/repositories/${repo}/refs/${a}/merge/${head}`,
      `GET /api/v1/repositories/${repo}/refs/${a}/diff/${head}`,
    ];
    expect(toLakefs.seen.map(withoutQuery).sort()).toEqual(expected.sort());
    for (const name of ['several', 'big', 'tags', 'branch', 'nothing', 'deleted']) {
      for (const option of ['--why', '--code', '--json']) await ask([option, id(name)]);
    }
    const all = [...toMlflow.seen, ...toLakefs.seen];
    expect(all.length).toBeGreaterThan(50);
    // A search is a POST that writes nothing: who else logged an equal dataset, where its data has changed since.
    const others = all.filter((line) => !line.startsWith('GET '));
    expect(others.filter((line) => line !== 'POST /api/2.0/mlflow/runs/search')).toEqual([]);
    expect(toMlflow.seen.join('\n')).not.toContain('experiments/search');
  });

  test('the code that it prints loads exactly this data, and holds no key', async () => {
    const { code, stdout } = await ask(['--code', id('several')]);
    expect(code).toBe(0);
    expect(stdout).not.toContain(lakefs.accessKeyId);
    expect(stdout).not.toContain(lakefs.secretAccessKey);
    const [pandas = ''] = stdout.split('# --- Spark ---');
    const script = `${pandas}\nimport json\nprint(json.dumps([df.value.tolist(), df2.value.tolist()]))`;
    const env = {
      ...process.env,
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: lakefs.accessKeyId,
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
    };
    const { stdout: printed } = await promisify(execFile)(mlflow.python, ['-c', script], { env });
    expect(JSON.parse(printed)).toEqual([
      [2, 3],
      [2, 3],
    ]);
  });

  test('a run of the catalog stands for its commit and lists its candidates', async () => {
    const service = runtime();
    await service.run({
      name: 'register-commit',
      payload: { v: 1, installation: 'default', repository: repo, commit: a },
      cause: 'hook',
    });
    const catalog = await service.mlflow.experiments.getExperimentByName(`lakefs/${repo}`);
    const page = await service.mlflow.runs.searchRuns([catalog.experiment_id], `tags.lakefs_commit = '${a}'`);
    const { code, stdout } = await ask([page.runs?.[0]?.info.run_id ?? '']);
    expect(code).toBe(0);
    expect(stdout).toContain('This run stands for a lakeFS commit; it read nothing itself.');
    expect(stdout).toContain(`${repo} at ${a.slice(0, 12)} on main: Add gold/train.csv`);
    expect(stdout).toContain(`datasets  ${repo}/gold`);
  });

  test('links that the service found stay known when the repository is gone, and it says so', async () => {
    const gone = await newRepository(client);
    const commit = await commitObject(client, gone, 'main', 'gold/x.csv', csv);
    const source = `s3://${gone}/${commit}/gold/x.csv`;
    const trained = await train(mlflow, [
      { name: 'kept', experiment, inputs: [{ source, name: 'kept', seed: 77 }] },
    ]);
    await createRuntime(lakefs, mlflow.url, { installation: { repositories: [gone] } }).sweep();
    await client.deleteRepository(gone);
    // A real lakeFS remembers a repository for some seconds.
    await waitFor('the repository to be gone', () =>
      client.getRepository(gone).then(() => false, isNotFound),
    );
    const { code, stdout } = await ask([trained.kept ?? '', '--why']);
    expect(code).toBe(0);
    expect(stdout).toContain(`${commit}, not in lakeFS now`);
    expect(stdout).toMatch(
      /but +it was found earlier and cannot be checked now: lakeFS \S+ has no repository/,
    );
    expect(stdout).toContain('lakefs-mlflow wrote it, so it is an answer, not evidence');
    expect((await ask(['--code', trained.kept ?? ''])).stdout).toContain('no longer in lakeFS');
  });

  test('a missing run is reported with what to check', async () => {
    const { code, stdout, stderr } = await ask(['0'.repeat(32)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`has no run ${'0'.repeat(32)}: check the id, and that MLFLOW_TRACKING_URI`);
  });

  test('wrong keys, unreachable servers and a refused Host are reported in one line with what to do', async () => {
    const keys = await ask([id('exact')], { lakefs: { secretAccessKey: 'wrong' } });
    expect(keys.code).toBe(1);
    expect(keys.stderr).toContain('check LAKECTL_CREDENTIALS_ACCESS_KEY_ID');
    expect(keys.stderr).not.toContain('waits');
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const noLakefs = await ask([id('exact')], { lakefs: { endpoint: nobody, publicUrl: nobody } });
    expect(noLakefs.code).toBe(1);
    expect(noLakefs.stderr).toMatch(/^lakefs-mlflow: lakeFS cannot be reached \(ECONNREFUSED\)/);
    const noMlflow = await ask([id('exact')], { mlflow: { trackingUri: nobody } });
    expect(noMlflow.code).toBe(1);
    expect(noMlflow.stderr).toContain('MLflow cannot be reached (ECONNREFUSED)');
    const stranger = await recorder(mlflow.url, 'mlflow.example:5000');
    const host = await ask([id('exact')], { mlflow: { trackingUri: stranger.url } });
    stranger.close();
    expect(host.code).toBe(1);
    expect(host.stderr).toContain('MLflow refuses the Host header');
    const swapped = await ask([id('exact')], { lakefs: { endpoint: mlflow.url, publicUrl: mlflow.url } });
    expect(swapped.code).toBe(1);
    expect(swapped.stderr).toContain('check LAKECTL_SERVER_ENDPOINT_URL');
    for (const { stdout } of [keys, noLakefs, noMlflow, host, swapped]) expect(stdout).toBe('');
  });
});

interface Recorder {
  readonly url: string;
  /** `METHOD path` of every request. */
  readonly seen: string[];
  close(): void;
}

/** Stands before a server, passes everything on and remembers what was asked. */
async function recorder(target: string, host = new URL(target).host): Promise<Recorder> {
  const seen: string[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    const url = new URL(incoming.url ?? '/', target);
    const passed = request(
      url,
      // A signature of S3 covers the Host that its client sent.
      {
        method: incoming.method,
        headers: { ...incoming.headers, ...(isSigned(incoming.headers) ? {} : { host }) },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.once('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  const { url, stop } = await onLoopback(server);
  return { url, seen, close: () => void stop() };
}

function isSigned(headers: { authorization?: string | undefined }): boolean {
  return headers.authorization?.startsWith('AWS4') === true;
}

function withoutQuery(line: string): string {
  return line.replace(/\?.*/, '');
}
