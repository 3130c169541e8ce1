import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import { type LinksTag, readLinksTag } from '../../../../src/contract/links-tag.js';
import { proposeTags } from '../../../../src/facts/links/propose.js';
import { createServerFacts } from '../../../../src/facts/links/server.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { trainingMlflow } from '../../../support/mlflow/training-mlflow.js';
import { installationFor } from '../../../support/service/settings.js';

const made = 1_700_000_000_000;
let seconds = 0;
const now = () => made + seconds * 1_000;
const sandbox = await startSandbox({ env: {}, now });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

let repository = '';
let a = '';
let b = '';
beforeEach(async () => {
  seconds = 0;
  repository = await newRepository(client);
  seconds = 100;
  a = await commitObject(client, repository, 'main', 'gold/x.csv', '1');
  await client.createTag(repository, { id: 'v1', ref: a });
  seconds = 900;
  b = await commitObject(client, repository, 'main', 'gold/x.csv', '2');
  seconds = 10_000;
});

interface Said {
  readonly sources?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly status?: string;
  readonly end?: number;
}

/** A run from second 500 to 600, unless told otherwise. */
function runOf({ sources = [], tags = {}, params = {}, status = 'FINISHED', end = 600 }: Said): Run {
  const pairs = (entries: Readonly<Record<string, string>>) =>
    Object.entries(entries).map(([key, value]) => ({ key, value }));
  return {
    info: {
      run_id: 'run1',
      experiment_id: '1',
      status,
      lifecycle_stage: 'active',
      start_time: made + 500_000,
      end_time: made + end * 1_000,
    },
    data: { tags: pairs(tags), params: pairs(params) },
    inputs: {
      dataset_inputs: sources.map((source, n) => ({
        dataset: {
          name: `data${n}`,
          digest: `e24a8c4${n}`,
          source_type: 's3',
          source: JSON.stringify({ uri: source }),
        },
      })),
    },
  } as unknown as Run;
}

/** What a process that has just started writes to the run, and the run as it is then. */
async function link(run: Run, lakefs: LakefsClient = client) {
  const mlflow = trainingMlflow({ searchRuns: async () => ({ runs: [run] }) });
  const settings = installationFor(sandbox, mlflow.trackingUri);
  const facts = createServerFacts(
    { name: 'default', mlflow, installations: createInstallations([{ settings, lakefs }]) },
    now,
  );
  const proposal = await proposeTags(run, facts);
  const tags = new Map((run.data.tags ?? []).map(({ key, value }) => [key, value]));
  if (proposal.kind === 'tags') {
    for (const [key, value] of proposal.plan.set) tags.set(key, value);
    for (const key of proposal.plan.remove) tags.delete(key);
  }
  const linked: Run = {
    ...run,
    data: { ...run.data, tags: [...tags].map(([key, value]) => ({ key, value })) },
  };
  return {
    run: linked,
    tags,
    links: linksOf(tags),
    reason: proposal.kind === 'leave' ? proposal.reason : undefined,
  };
}

function linksOf(tags: ReadonlyMap<string, string>): readonly (readonly unknown[])[] {
  const links: LinksTag['links'] = readLinksTag(tags).links;
  return links.map(({ commit, kind, certain, flags }) => [
    commit === a ? 'a' : commit === b ? 'b' : commit,
    kind,
    certain,
    ...flags,
  ]);
}

const until = 'until 2023-11-14T22:23:20.000Z';
const movedA = ['a', 'resolved', false, 'tag moved'];
const at = (what: string): string => `s3://${repository}/${what}`;

describe('a run that names a tag of lakeFS', () => {
  const byTag = () => runOf({ sources: [`s3://${repository}/v1/gold/x.csv`] });

  test('is linked to its commit, certainly, with the tags of the guide', async () => {
    const { links, tags } = await link(byTag());
    expect(links).toEqual([['a', 'resolved', true]]);
    expect(tags.get('lakefs_commit')).toBe(a);
    expect(tags.get('lakefs.evidence')).toBe('resolved');
  });

  test('keeps that commit when the tag is moved, deleted, or replaced by a branch', async () => {
    const { run } = await link(byTag());
    await moveTag('v1', b);
    const moved = await link(run);
    expect(moved.links).toEqual([['a', 'resolved', false, 'tag moved']]);
    expect(moved.tags.get('lakefs_commit')).toBe(a);
    await removeTag('v1');
    expect((await link(moved.run)).links).toEqual(moved.links);
    await client.createBranch(repository, { name: 'v1', source: 'main' });
    const replaced = await link(moved.run);
    expect(replaced.reason).toBe('its tags are correct');
  });

  test('by a tag without a path, a param or a tag of MLflow, is linked alike', async () => {
    const named = await link(runOf({ tags: { lakefs_repo: repository, lakefs_tag: 'v1' } }));
    expect(named.links).toEqual([['a', 'resolved', true]]);
    const address = await link(runOf({ params: { data: `lakefs://${repository}/v1/gold/` } }));
    expect(address.links).toEqual([['a', 'resolved', true]]);
  });

  test('that holds nothing at the path is not: a bucket may be called so', async () => {
    const { links, reason } = await link(runOf({ sources: [`s3://${repository}/v1/silver/x.csv`] }));
    expect(links).toEqual([]);
    expect(reason).toBe('it names no data in a watched repository');
  });

  test.each<[string, () => Said, readonly (readonly unknown[])[]]>([
    ['two params', () => ({ params: { train: at('v1/gold/'), valid: at('v1/gold/') } }), [movedA]],
    [
      'an input and a param',
      () => ({ sources: [at('v1/gold/')], params: { data: at('v1/gold/') } }),
      [movedA],
    ],
    [
      'an input by its commit and a param',
      () => ({ sources: [at(`${a}/gold/`)], params: { data: at('v1/gold/') } }),
      [['a', 'exact', true], movedA],
    ],
    [
      'an input by its commit and a tag without a path',
      () => ({ sources: [at(`${a}/gold/`)], tags: { lakefs_repo: repository, lakefs_tag: 'v1' } }),
      [movedA, ['a', 'exact', true]],
    ],
    [
      'an input and a tag without a path',
      () => ({ sources: [at('v1/gold/')], tags: { lakefs_repo: repository, lakefs_tag: 'v1' } }),
      [movedA],
    ],
    [
      'two tags of lakeFS',
      () => ({ params: { one: at('v1/gold/'), two: at('v2/gold/') } }),
      [movedA, ['a', 'resolved', true]],
    ],
  ])('that is moved leads to no second commit: %s', async (_what, said, expected) => {
    await client.createTag(repository, { id: 'v2', ref: a });
    // Long enough that the new commit is not younger than the run.
    const { run } = await link(runOf({ ...said(), end: 2_000 }));
    await moveTag('v1', b);
    const moved = await link(run);
    expect(moved.links).toEqual(expected);
    expect((await link(moved.run)).links).toEqual(expected);
    expect(moved.tags.get('lakefs_commit')).toBe(a);
  });

  test('that is moved leads to no second commit where the list of links is cut', async () => {
    const data = Array.from({ length: 30 }, (_, n) => `d${n}`);
    seconds = 200;
    await client.createBranch(repository, { name: 'wide', source: a });
    for (const name of data) await client.uploadObject(repository, 'wide', `${name}/x.csv`, name);
    const { id } = await client.commit(repository, 'wide', { message: 'data' });
    await client.createTag(repository, { id: 'w1', ref: id });
    seconds = 10_000;
    const params = Object.fromEntries(data.map((name) => [name, at(`w1/${name}/`)]));
    const { run, tags } = await link(runOf({ params, end: 2_000 }));
    expect(readLinksTag(tags).more).toBeGreaterThan(0);
    seconds = 1_500;
    const other = await commitObject(client, repository, 'wide', 'zz/x', '1');
    await moveTag('w1', other);
    seconds = 10_000;
    const moved = await link(run);
    expect(moved.tags.get('lakefs_commit')).toBe(id);
    expect(new Set(moved.links.map(([commit]) => commit))).toEqual(new Set([id]));
    expect(moved.links.every(([, , certain]) => certain === false)).toBe(true);
  });

  test('that is moved, and that a cut list leaves out, concludes nothing', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `t${n}`);
    seconds = 200;
    await client.createBranch(repository, { name: 'many', source: a });
    const commits = new Map<string, string>();
    for (const name of names) {
      const commit = await commitObject(client, repository, 'many', 'gold/x.csv', name);
      await client.createTag(repository, { id: name, ref: commit });
      commits.set(commit, name);
    }
    seconds = 10_000;
    const params = Object.fromEntries(names.map((name) => [name, at(`${name}/gold/`)]));
    const { run, tags } = await link(runOf({ params, end: 2_000 }));
    for (const [commit] of linksOf(tags)) commits.delete(String(commit));
    const [forgotten = ''] = commits.values();
    expect((await link(run)).reason).toBe('its tags are correct');
    await moveTag(forgotten, b);
    expect((await link(run)).reason).toContain('its list of links is cut off: its tags stay as they are');
  });

  test.each<[string, Said, readonly unknown[]]>([
    ['ended before', {}, ['b', 'resolved', false, 'younger than the run']],
    // The tag may have been moved between the read and the first look at it.
    ['began before and ended after it', { end: 1_000 }, ['b', 'resolved', false, 'younger than the run']],
    ['runs', { status: 'RUNNING' }, ['b', 'resolved', false, 'younger than the run']],
    ['ended, nobody knows when', { end: 100 }, ['b', 'resolved', false, 'younger than the run']],
  ])('of a commit that was made at second 900, where the run %s', async (_what, said, expected) => {
    await moveTag('v1', b);
    const { run, links } = await link(runOf({ params: { data: at('v1/gold/') }, ...said }));
    expect(links).toEqual([expected]);
    expect((await link(run)).links).toEqual(links);
  });

  test('of a commit that it declares otherwise is read at the declared one', async () => {
    const run = runOf({
      sources: [`s3://${repository}/v1/gold/x.csv`],
      tags: { lakefs_repo: repository, lakefs_commit: b },
    });
    expect((await link(run)).links).toEqual([['b', 'declared', true, 'source names v1']]);
  });
});

async function moveTag(id: string, ref: string): Promise<void> {
  await removeTag(id);
  await client.createTag(repository, { id, ref });
}

async function removeTag(id: string): Promise<void> {
  const { endpoint, accessKeyId, secretAccessKey } = sandbox;
  const authorization = `Basic ${Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString('base64')}`;
  const url = `${endpoint}/api/v1/repositories/${repository}/tags/${id}`;
  const { status } = await fetch(url, { method: 'DELETE', headers: { authorization } });
  expect(status).toBe(204);
}

describe('a run that names a branch', () => {
  const byBranch = (parts: Said = {}) => runOf({ sources: [`s3://${repository}/main/gold/x.csv`], ...parts });

  test('gets a tag of its own kind and none of the guide', async () => {
    const { links, tags } = await link(byBranch());
    expect(links).toEqual([['a', 'inferred', false, until]]);
    expect(tags.get(`lakefs.maybe.${repository}.${a.slice(0, 12)}`)).toBe(a);
    expect(tags.get('lakefs.evidence')).toBe('inferred');
    expect([...tags.keys()].filter((key) => /^lakefs_|^lakefs\.input/.test(key))).toEqual([]);
  });

  test('is not examined again, whatever becomes of the branch', async () => {
    let logs = 0;
    const counting: LakefsClient = {
      ...client,
      log: (...given) => {
        logs += 1;
        return client.log(...given);
      },
    };
    const { run, links } = await link(byBranch(), counting);
    const first = logs;
    expect((await link(run, counting)).links).toEqual(links);
    // What is read is only what became of the commit.
    expect(logs - first).toBeLessThan(first);
    await client.hardReset(repository, 'main', b);
    await client.createBranch(repository, { name: 'other', source: 'main' });
    expect((await link(run)).reason).toBe('its tags are correct');
  });

  test('that is deleted since keeps its link, and without one nothing is said', async () => {
    await client.createBranch(repository, { name: 'exp', source: a });
    const run = runOf({ sources: [`s3://${repository}/exp/gold/x.csv`] });
    const { run: linked, links } = await link(run);
    expect(links).toEqual([['a', 'inferred', false, until]]);
    await client.deleteBranch(repository, 'exp');
    expect((await link(linked)).links).toEqual(links);
    expect((await link(run)).links).toEqual([]);
  });

  test('while it runs is ambiguous from the moment on at which its data changes, and stays so', async () => {
    seconds = 800;
    const running = byBranch({ status: 'RUNNING' });
    await client.hardReset(repository, 'main', a);
    const first = await link(running);
    expect(first.links).toEqual([['a', 'inferred', false]]);
    await client.uploadObject(repository, 'main', 'gold/x.csv', '3');
    const second = await link(first.run);
    expect(second.links).toEqual([['a', 'ambiguous', false, 'uncommitted changes']]);
    expect([...second.tags.keys()].filter((key) => key.startsWith('lakefs.maybe'))).toEqual([]);
    await client.hardReset(repository, 'main', a);
    const ended = {
      ...second.run,
      info: { ...second.run.info, status: 'FINISHED', end_time: made + 810_000 },
    } as Run;
    seconds = 900;
    const third = await link(ended);
    expect(third.links).toEqual([
      ['a', 'ambiguous', false, 'uncommitted changes', 'until 2023-11-14T22:26:50.000Z'],
    ]);
  });

  test('and declares a commit later is linked to that', async () => {
    const { run } = await link(byBranch());
    const tags = [
      ...(run.data.tags ?? []),
      { key: 'lakefs_repo', value: repository },
      { key: 'lakefs_commit', value: b },
    ];
    const declared = await link({ ...run, data: { ...run.data, tags } });
    expect(declared.links).toEqual([['b', 'declared', true, 'source names main']]);
    expect(declared.tags.has(`lakefs.maybe.${repository}.${a.slice(0, 12)}`)).toBe(false);
  });

  test('by its label only is judged on the whole repository', async () => {
    const label = { lakefs_repo: repository, lakefs_branch: 'main' };
    expect((await link(runOf({ tags: label }))).links).toEqual([['a', 'inferred', false, until]]);
    expect((await link(runOf({ tags: label, end: 950 }))).links).toEqual([
      ['a', 'ambiguous', false, 'path changed', 'until 2023-11-14T22:29:10.000Z'],
    ]);
  });

  test('in a repository that is recreated under its name keeps its link', async () => {
    const { run, links } = await link(byBranch());
    await client.deleteRepository(repository);
    expect((await link(run)).links).toEqual(links);
    await client.createRepository({ name: repository, storage_namespace: `local://${repository}-again` });
    await commitObject(client, repository, 'main', 'gold/x.csv', '9');
    expect((await link(run)).links).toEqual(links);
    expect((await link(byBranch())).links).toEqual([]);
  });
});

test('a thousand inputs by branch are linked, for a bounded number of requests', async () => {
  let requests = 0;
  const counting = new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        requests += 1;
        return Reflect.apply(value, target, given);
      };
    },
  });
  await client.createBranch(repository, { name: 'wide', source: a });
  for (let n = 0; n < 50; n += 1) {
    seconds = 200;
    await client.uploadObject(repository, 'wide', `parts/${n}.csv`, String(n));
  }
  await client.commit(repository, 'wide', { message: 'parts' });
  seconds = 10_000;
  const sources = Array.from({ length: 1_000 }, (_, n) => `s3://${repository}/wide/parts/${n % 50}.csv`);
  const { tags } = await link(runOf({ sources }), counting);
  expect(tags.get('lakefs.evidence')).toBe('inferred');
  expect([...tags.keys()].filter((key) => key.startsWith('lakefs.maybe'))).toHaveLength(1);
  // Two for each path; what is of the branch is asked once.
  expect(requests).toBeLessThanOrEqual(2 * 50 + 20);
});

test('the beginning of an id stays a commit where a branch is called so later', async () => {
  const short = a.slice(0, 12);
  const { run, links } = await link(runOf({ sources: [`s3://${repository}/${short}/gold/x.csv`] }));
  expect(links).toEqual([['a', 'exact', true]]);
  await client.createBranch(repository, { name: short, source: 'main' });
  expect((await link(run)).links).toEqual(links);
});
