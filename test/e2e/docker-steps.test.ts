import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentOf, readCompose } from '../support/docker/compose.js';
import { execForm, type Instruction, lastOf, parseDockerfile } from '../support/docker/dockerfile.js';
import { freePort, start, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';

const run = promisify(execFile);
const stages = parseDockerfile(readFileSync('Dockerfile', 'utf8'));
const final = stages.at(-1)!;

let folder: string;
let image: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-image-'));
  const roots = new Map<string, string>();
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, String(index));
    roots.set(/ AS (\w+)$/.exec(lastOf(stage, 'FROM'))?.[1] ?? 'final', root);
    await buildStage(stage, root, roots);
  }
  image = join(folder, String(stages.length - 1));
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the steps of the Dockerfile, run in empty folders, build a working program', async () => {
  const [program = '', file = ''] = execForm(lastOf(final, 'ENTRYPOINT'));
  const { stdout } = await run(program, [join(image, file), '--help']);
  expect(stdout).toContain('Usage: lakefs-mlflow');
  for (const command of execForm(lastOf(final, 'CMD'))) expect(stdout).toContain(command);
});

test('the image has no development packages', async () => {
  const { stdout } = await run('npm', ['ls', '--omit=dev', '--depth=0', '--parseable'], {
    cwd: join(image, 'app'),
  });
  expect(stdout).toContain('bullmq');
  await expect(run('ls', [join(image, 'app/node_modules/vitest')])).rejects.toThrow();
});

test('the service of compose.yaml starts from the image, is healthy, and ends on SIGTERM', async () => {
  const port = await freePort();
  const [program = '', file = ''] = execForm(lastOf(final, 'ENTRYPOINT'));
  const { mlflow, redis } = realServers();
  const env = {
    ...environmentOf(readCompose().services['lakefs-mlflow']!, 'a-secret-of-the-test'),
    NODE_ENV: 'production',
    LAKEFS_MLFLOW_HOST: '127.0.0.1',
    LAKEFS_MLFLOW_PORT: String(port),
    LAKEFS_MLFLOW_DATA_DIR: join(image, lastOf(final, 'VOLUME')),
    // A database of its own: other files of this run use the same Redis.
    LAKEFS_MLFLOW_QUEUE_URL: redis === null ? 'embedded' : `${redis.url}/9`,
    LAKEFS_MLFLOW_USERS: '',
    MLFLOW_TRACKING_URI: mlflow.url,
  };
  const server = start(program, [join(image, file), ...execForm(lastOf(final, 'CMD'))], env);
  try {
    const [probe = '', ...args] = execForm(lastOf(final, 'HEALTHCHECK'));
    await waitFor('the health check', async () => {
      if (server.child.exitCode !== null) throw new Error(server.output());
      await run(probe, args, { env: { ...process.env, LAKEFS_MLFLOW_PORT: String(port) } });
      return true;
    });
    server.child.kill('SIGTERM');
    await waitFor('the exit', () => server.child.exitCode !== null);
    expect(server.child.exitCode, server.output()).toBe(0);
  } finally {
    await server.stop();
  }
});

test('the health check fails without a service, on a 503, and passes on a 200', async () => {
  const port = await freePort();
  const [program = '', ...args] = execForm(lastOf(final, 'HEALTHCHECK'));
  const check = () => run(program, args, { env: { ...process.env, LAKEFS_MLFLOW_PORT: String(port) } });
  await expect(check()).rejects.toMatchObject({ code: 1 });
  let status = 503;
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    response.writeHead(status, { Connection: 'close' }).end();
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  try {
    await expect(check()).rejects.toMatchObject({ code: 1 });
    status = 200;
    await check();
    expect(paths).toEqual(['/health/live', '/health/live']);
  } finally {
    server.close();
  }
});

/** Does what an engine does with one stage, below `root` instead of `/`. */
async function buildStage(
  stage: readonly Instruction[],
  root: string,
  roots: ReadonlyMap<string, string>,
): Promise<void> {
  let workdir = root;
  for (const { name, text } of stage) {
    if (name === 'WORKDIR') {
      workdir = join(root, text);
      mkdirSync(workdir, { recursive: true });
    } else if (name === 'COPY') copy(text, workdir, roots);
    else if (name === 'RUN') {
      // What tsc and npm find wrong goes to stdout.
      await run('sh', ['-c', `{ ${onThisMachine(text, root)}; } >&2`], { cwd: workdir });
    }
  }
}

function copy(text: string, workdir: string, roots: ReadonlyMap<string, string>): void {
  const [, stage, rest = ''] = /^(?:--from=(\w+) )?(.+)$/.exec(text) ?? [];
  const parts = rest.split(' ');
  const target = parts.pop() ?? '.';
  const from = stage === undefined ? process.cwd() : (roots.get(stage) ?? '');
  for (const source of parts) {
    const into = target.endsWith('/')
      ? join(workdir, target, source.split('/').at(-1) ?? '')
      : join(workdir, target);
    cpSync(join(from, source), into, { recursive: true, verbatimSymlinks: true });
  }
}

/** Below `root`, and with the user that runs the test in place of the image's. */
function onThisMachine(command: string, root: string): string {
  return command
    .replaceAll(' /', ` ${root}/`)
    .replaceAll('node:node', `${process.getuid?.()}:${process.getgid?.()}`);
}
