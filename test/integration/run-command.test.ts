import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readLinksTag } from '../../src/contract/links-tag.js';
import { createRuntime } from '../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { realServers } from '../support/servers/real-servers.js';
import { program } from '../support/service/service.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();

/** Knows nothing of lakeFS: it starts a run with the fluent API and prints its id. */
const training = `
import os, sys, mlflow, numpy
mlflow.set_experiment(sys.argv[1])
with mlflow.start_run() as run:
    # As autologging does: the source is the code, with all tags of the context, and shared by runs with this data.
    mlflow.log_input(mlflow.data.from_numpy(numpy.zeros(3), name="train"))
print(run.info.run_id, os.environ["LAKEFS_DATA_URI"])
`;

describe.each(servers)('lakefs-mlflow run, with a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const experiment = `run-command-${randomBytes(4).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'run-command-'));
  const script = join(folder, 'train.py');
  let repo: string;
  let first: string;

  beforeAll(() => writeFileSync(script, training));
  beforeEach(async () => {
    repo = await newRepository(client);
    first = await commitObject(client, repo, 'main', 'gold/train.csv', 'id\n1\n');
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await lakefs.stop();
  });

  /** `onOutput` gets all that was printed so far; with it, standard input stays open. */
  async function launch(
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; onOutput?: (text: string, child: ChildProcess) => void } = {},
  ) {
    const child = spawn(process.execPath, [program, 'run', ...args], {
      env: {
        ...{ PATH: process.env.PATH, HOME: folder },
        LAKECTL_SERVER_ENDPOINT_URL: lakefs.endpoint,
        LAKECTL_CREDENTIALS_ACCESS_KEY_ID: lakefs.accessKeyId,
        LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
        ...{ MLFLOW_DISABLE_TELEMETRY: 'true', GIT_PYTHON_REFRESH: 'quiet' },
        ...options.env,
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      options.onOutput?.(stdout, child);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    if (options.onOutput === undefined) child.stdin.end();
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  }

  /** `move` is done once the command has been started, and before it trains. */
  async function train(data: readonly string[], move: () => Promise<unknown>) {
    let moved: Promise<unknown> | undefined;
    const { stdout, stderr, code } = await launch(
      [
        ...data.flatMap((one) => ['--data', one]),
        ...['--', 'sh', '-c', 'echo started && read go && exec "$@"', 'sh'],
        ...[mlflow.python, script, experiment],
      ],
      {
        env: { MLFLOW_TRACKING_URI: mlflow.url },
        onOutput: (_, { stdin }) => {
          moved ??= move().finally(() => stdin?.end('go\n'));
        },
      },
    );
    await moved;
    const [, id = '', uri = ''] = /^([0-9a-f]{32}) (\S+)$/m.exec(stdout) ?? [];
    expect({ code, id, stderr }).toMatchObject({ code: 0, id: expect.stringMatching(/./) });
    return { id, uri };
  }

  async function linksOf(id: string) {
    const runtime = createRuntime(lakefs, mlflow.url, { installation: { experiments: [experiment] } });
    runtime.add({ name: 'link-run', payload: { v: 1, server: 'default', run: id }, cause: 'sweep' });
    await runtime.drain();
    const { data } = await runtime.mlflow.runs.getRun(id);
    const { links } = readLinksTag(new Map((data.tags ?? []).map(({ key, value }) => [key, value])));
    return links.map(({ repository, commit, path, kind, certain }) => ({
      ...{ repository, commit, path, kind, certain },
    }));
  }

  test('a script that knows nothing of lakeFS is linked for certain to the commit of the launch, though the branch moved meanwhile', async () => {
    let second = '';
    const move = async () => {
      const content = randomBytes(4).toString('hex');
      second = await commitObject(client, repo, 'main', 'gold/train.csv', content);
    };
    const one = await train([`${repo}/main`], move);
    expect(one.uri).toBe(`s3://${repo}/${first}/`);
    const declared = { repository: repo, kind: 'declared', certain: true };
    expect(await linksOf(one.id)).toEqual([{ ...declared, commit: first, path: '' }]);

    // MLflow shows this run the source of the dataset that the first one logged, with the tags of then.
    const other = await newRepository(client);
    const commit = await commitObject(client, other, 'main', 'labels, old/a b.csv', 'x');
    const pinned = second;
    const two = await train([`${repo}/main/gold`, `${other}/main/labels, old`], move);
    expect(await linksOf(two.id)).toEqual(
      [
        { ...declared, commit: pinned, path: 'gold' },
        { ...declared, repository: other, commit, path: 'labels, old' },
      ].sort((x, y) => (x.repository < y.repository ? -1 : 1)),
    );
    expect(two.uri).toBe(`s3://${repo}/${pinned}/gold`);
    expect(pinned).not.toBe(first);
  });

  test('exit code and streams are those of the command', async () => {
    const answer = await launch(['--data', `${repo}/main`, '--', 'sh', '-c', 'echo "$0" >&2; exit 7', '-V']);
    expect(answer).toEqual({ code: 7, stdout: '', stderr: '-V\n' });
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const)(
    '%s reaches the command, which ends as it likes',
    async (name) => {
      // KILL: what has been forked and is not yet "sleep" would still take a TERM by the trap's handler, and live on.
      const trap = `trap 'echo caught; kill -KILL $!; exit 9' ${name.slice(3)}; sleep 60 & echo ready; wait`;
      const answer = await launch(['--data', `${repo}/main`, '--', 'sh', '-c', trap], {
        onOutput: (text, child) => text === 'ready\n' && child.kill(name),
      });
      expect(answer).toEqual({ code: 9, stdout: 'ready\ncaught\n', stderr: '' });
    },
  );

  test('a command that a signal ends gives 128 and its number', async () => {
    const answer = await launch(['--data', `${repo}/main`, '--', 'sh', '-c', 'kill -TERM $$']);
    expect(answer.code).toBe(143);
  });

  test('--print gives lines that sh reads, with the tags that were there', async () => {
    await commitObject(client, repo, 'main', "it's $HOME.csv", 'x');
    const env = { MLFLOW_RUN_CONTEXT: '{"team":"it\'s us"}' };
    const { code, stdout } = await launch(['--data', `${repo}/main/it's $HOME.csv`, '--print'], { env });
    expect(code).toBe(0);
    const read = 'eval "$1"; printf "%s\\n%s" "$MLFLOW_RUN_CONTEXT" "$LAKEFS_DATA_URI"';
    const [context = '', uri] = execFileSync('sh', ['-c', read, 'sh', stdout], { encoding: 'utf8' }).split(
      '\n',
    );
    expect(uri).toMatch(/^s3:.*\/it's \$HOME\.csv$/);
    expect(JSON.parse(context)).toMatchObject({ team: "it's us", lakefs_repo: repo, lakefs_branch: 'main' });
  });

  test('what is not there is said before anything is run', async () => {
    const ran = ['--', 'echo', 'ran'];
    const say = (...args: string[]) => launch([...args, ...ran]);
    await client.uploadObject(repo, 'main', 'new/x.csv', 'x');
    for (const [data, problem] of [
      [`${repo}/mian`, 'has no branch, tag or commit "mian"; did you mean "main"?'],
      [`${repo}x/main`, 'has no repository'],
      [`${repo}/main/gould`, 'holds nothing at "gould"'],
      [`${repo}/main/new`, 'is not committed yet, so commit it first'],
    ] as const) {
      const { code, stdout, stderr } = await say('--data', data);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(problem);
    }
    const warned = await say('--data', `${repo}/main`);
    expect(warned).toMatchObject({ code: 0, stdout: 'ran\n' });
    expect(warned.stderr).toContain(`"main" of "${repo}" has uncommitted changes`);
    expect((await say('--data', `${repo}/main/gold`)).stderr).toBe('');
    const missing = await launch(['--data', `${repo}/main/gold`, '--', 'no-such-program']);
    expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining('there is no such program') });
  });
});
