import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { type Loopback, onLoopback } from '../../support/servers/loopback.js';
import { type Client, makeClient } from './client.js';

let sandbox: Sandbox;
let client: Client;
let server: Loopback;
let base: string;
let requests: { readonly line: string; readonly body: string }[];
let behave: (req: IncomingMessage, res: ServerResponse) => void;

beforeEach(async () => {
  requests = [];
  behave = (_req, res) => res.end();
  server = await onLoopback(
    createServer(async (req, res) => {
      requests.push({ line: `${req.method} ${req.url}`, body: await text(req) });
      behave(req, res);
    }),
  );
  base = server.url;
  sandbox = await startSandbox();
  client = await makeClient(sandbox);
});

afterEach(async () => {
  await sandbox.close();
  await server.stop();
});

function file(event: string, path: string, more = ''): string {
  return `name: tell ${path}\non:\n  ${event}:\nhooks:\n  - id: notify\n    type: webhook\n    properties:\n      url: ${base}/${path}\n${more}`;
}

/** @returns status of the run and the end of its first hook's output */
async function lastRun(): Promise<{ readonly status: unknown; readonly output: string }> {
  await sandbox.settled();
  const run = (await client.call('GET', '/actions/runs')).json.results[0];
  const output = await client.call('GET', `/actions/runs/${run?.run_id}/hooks/0000_0000/output`);
  return { status: run?.status, output: output.text };
}

it.each([
  [
    '500',
    (res: ServerResponse) => res.writeHead(500).end(),
    /webhook request failed \(status code: 500\)\n$/,
  ],
  [
    'a closed connection',
    (res: ServerResponse) => res.destroy(),
    /Error: action failed: Post ".*\/x": EOF\n$/,
  ],
])('a post hook that meets %s is not sent again, and the commit stays', async (_, answer, expected) => {
  behave = (_req, res) => answer(res);
  await client.upload('_lakefs_actions/a.yaml', file('post-commit', 'x'));
  await client.commit('adds the file, so announces itself');
  const run = await lastRun();
  expect(run.status).toBe('failed');
  expect(run.output).toMatch(expected);
  expect(requests).toHaveLength(1);
});

it('a receiver that does not answer in time fails the hook', async () => {
  behave = () => {};
  await client.upload('_lakefs_actions/a.yaml', file('post-commit', 'x', '      timeout: 50ms\n'));
  await client.commit('slow');
  const run = await lastRun();
  expect(run.status).toBe('failed');
  expect(run.output).toContain('context deadline exceeded (Client.Timeout exceeded while awaiting headers)');
});

it('a port that nobody listens on fails the hook', async () => {
  const text = file('post-commit', 'x').replace(base, 'http://127.0.0.1:1');
  await client.upload('_lakefs_actions/a.yaml', text);
  await client.commit('nobody there');
  expect((await lastRun()).output).toContain('dial tcp 127.0.0.1:1: connect: connection refused');
});

it('a 302 loses the event and the run is completed all the same; a 307 repeats it', async () => {
  behave = (req, res) => {
    if (req.url === '/gone') res.writeHead(302, { location: '/elsewhere' });
    if (req.url === '/moved') res.writeHead(307, { location: '/elsewhere' });
    res.end();
  };
  await client.upload('_lakefs_actions/a.yaml', file('post-commit', 'gone'));
  await client.commit('one');
  expect((await lastRun()).status).toBe('completed');
  expect(requests.at(-1)).toEqual({ line: 'GET /elsewhere', body: '' });
  await client.upload('_lakefs_actions/a.yaml', file('post-commit', 'moved'));
  await client.commit('two');
  expect((await lastRun()).status).toBe('completed');
  expect(requests.at(-1)?.line).toBe('POST /elsewhere');
  expect(requests.at(-1)?.body).toContain('"commit_message":"two"');
});

it('a refusing pre-merge hook stops the merge', async () => {
  behave = (_req, res) => res.writeHead(403).end();
  await client.call('POST', '/branches', { name: 'exp', source: 'main' });
  await client.upload('_lakefs_actions/a.yaml', file('pre-merge', 'gate'), 'exp');
  await client.commit('gate', 'exp');
  const head = (await client.call('GET', '/branches/main')).json.commit_id;
  const answer = await client.call('POST', '/refs/exp/merge/main', {});
  expect(answer.status).toBe(412);
  expect(answer.text).toContain(
    "failed on action 'tell gate' hook 'notify': action failed: webhook request failed (status code: 403)",
  );
  expect((await client.call('GET', '/branches/main')).json.commit_id).toBe(head);
});

it('a folder among the action files blocks commits with 404', async () => {
  await client.upload('_lakefs_actions/sub/a.yaml', file('post-commit', 'x'));
  const answer = await client.call('POST', '/branches/main/commits', { message: 'm' });
  expect(answer.status).toBe(404);
  expect(answer.text).toContain(
    'loading file _lakefs_actions/sub/: get action file metadata _lakefs_actions/sub/: not found',
  );
});

it('a bad timeout silences the whole event without a run record, and the commit stands', async () => {
  await client.upload('_lakefs_actions/a.yaml', file('post-commit', 'x', '      timeout: soon\n'));
  await client.upload('_lakefs_actions/b.yaml', file('post-commit', 'y'));
  await client.commit('silent');
  await sandbox.settled();
  expect(requests).toEqual([]);
  expect((await client.call('GET', '/actions/runs')).json.results).toEqual([]);
});

it('with a cache, a staged pre-commit file takes effect only when the cache has run out', async () => {
  let clock = 1_800_000_000_000;
  const cached = await startSandbox({ actionsCacheMs: 5000, now: () => clock });
  const other = await makeClient(cached);
  await other.upload('a', '1');
  await other.commit('fills the cache');
  await other.upload('_lakefs_actions/a.yaml', file('pre-commit', 'gate'));
  await other.commit('too early');
  expect(requests).toEqual([]);
  clock += 5001;
  await other.upload('a', '2');
  await other.commit('now');
  expect(requests.map(({ line }) => line)).toEqual(['POST /gate']);
  await cached.close();
});
