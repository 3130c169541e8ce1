import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Installation } from '../../src/config/types.js';
import { failureOf } from '../../src/domain/common/failure.js';
import { LakefsError } from '../../src/lakefs/errors.js';
import type { LakefsClient } from '../../src/lakefs/types.js';
import { createRuntime, type Done, type Runtime } from '../support/jobs/runtime.js';
import { failingRead, watched } from '../support/jobs/watched.js';
import { clientFor, commitObject, lakefsUnderTest } from '../support/lakefs/lakefs.js';
import { waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { lakefsTags, patientClients } from '../support/service/bridge.js';

vi.setConfig({ testTimeout: 120_000 });

const mlflow = realServers().mlflow;
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

const writes = ['logBatch', 'setTag', 'deleteTag', 'logInputs', 'createRun', 'deleteRun', 'updateRun'];
const reads = [
  ...(['getRepository', 'getCommit', 'log', 'branches', 'mergeBase', 'diff'] as const),
  ...(['getBranch', 'getTag', 'objects', 'uncommitted'] as const),
];
const answers = [
  ['401', { status: 401, json: { message: 'error authenticating request' } }],
  ['403', { status: 403, json: { message: 'no' } }],
  ['404', { status: 404, json: { message: 'not found' } }],
  ['500', { status: 500, json: { message: 'oops' } }],
  ['nothing in time', { code: 'ETIMEDOUT' }],
] as const;

describe.each(lakefsServers)('while a $kind lakeFS cannot be read', (lakefs) => {
  const client = clientFor(lakefs);
  const unique = randomBytes(5).toString('hex');
  const repository = `unreadable-${unique}`;
  const experiment = `unreadable-${unique}`;
  const watch = {
    repositories: [repository],
    experiments: [experiment],
    catalog: `catalog-${unique}`,
    startMarginMs: 0,
  };
  let commits: Record<'a' | 'b' | 'c', string>;
  let runs: Record<string, string>;
  let before: Record<string, Record<string, string>>;

  beforeAll(async () => {
    await client.createRepository({ name: repository, storage_namespace: `local://${repository}` });
    const a = await commitObject(client, repository, 'main', 'gold/train.csv', 'id\n1\n');
    const b = await commitObject(client, repository, 'main', 'gold/train.csv', 'id\n2\n');
    // Elsewhere, so that the bytes of b and c under gold/ are equal.
    const c = await commitObject(client, repository, 'main', 'silver/eval.csv', 'id\n3\n');
    commits = { a, b, c };
    await client.createTag(repository, { id: 'v1.0', ref: a });
    await client.createTag(repository, { id: 'plain', ref: a });
    const { creation_date: date } = await client.getCommit(repository, c);
    // Dates have no parts of a second: before the next one it cannot be told whether a run began before the commit.
    await waitFor('the next second', () => Date.now() >= (date + 1) * 1_000);
    const id = await clients.experiments.createExperiment(experiment);
    const run = async (names: readonly string[], declares?: string, ends = true): Promise<string> => {
      const tags = [
        { key: 'lakefs_repo', value: repository },
        { key: 'lakefs_commit', value: declares ?? '' },
      ];
      const made = await clients.runs.createRun(id, 'run', Date.now(), declares === undefined ? [] : tags);
      await clients.runs.logInputs(
        made.info.run_id,
        names.map((commit) => ({
          dataset: {
            name: 'train',
            digest: randomBytes(4).toString('hex'),
            source_type: 's3',
            source: JSON.stringify({ uri: `s3://${repository}/${commit}/gold/train.csv` }),
          },
        })),
      );
      if (ends) await clients.runs.updateRun(made.info.run_id, 'FINISHED', Date.now());
      return made.info.run_id;
    };
    runs = {
      one: await run([a]),
      'the beginning of an id': await run([a.slice(0, 16)]),
      two: await run([a, b]),
      declared: await run([], b),
      'declared, and read': await run([b], b),
      'declared, of equal bytes': await run([b], c),
      'declared, of other bytes': await run([a], c),
      'a tag of lakeFS': await run(['v1.0']),
      'a tag that could be a branch': await run(['plain~0']),
      'a branch': await run(['main']),
      'a branch, still running': await run(['main'], undefined, false),
      'a branch, declared': await run(['main'], b),
    };
    const linked = await createRuntime(lakefs, mlflow.url, { installation: watch }).sweep();
    expect(linked.filter(({ error }) => error !== undefined)).toEqual([]);
    before = await tagsNow();
    expect(before.one).toMatchObject({ lakefs_commit: a, lakefs_branch: 'main', 'lakefs.evidence': 'exact' });
    expect(before.two).toMatchObject({ [`lakefs.input.${repository}`]: '2' });
    expect(before['declared, of equal bytes']?.['lakefs.links']).toContain(`source names ${b.slice(0, 12)}`);
    expect(before['declared, of other bytes']).toMatchObject({ 'lakefs.evidence': 'conflict' });
    expect(before['a tag of lakeFS']).toMatchObject({ lakefs_commit: a, 'lakefs.evidence': 'resolved' });
    expect(before['a branch']).toMatchObject({ 'lakefs.evidence': 'inferred' });
    expect(before['a branch, still running']).toMatchObject({ 'lakefs.evidence': 'inferred' });
    expect(before['a branch, declared']).toMatchObject({ lakefs_commit: b, 'lakefs.evidence': 'declared' });
  });

  async function tagsNow(): Promise<Record<string, Record<string, string>>> {
    const found: Record<string, Record<string, string>> = {};
    for (const [name, id] of Object.entries(runs)) found[name] = await lakefsTags(clients, id);
    return found;
  }

  /** A process that has just started, and what it writes to the runs. */
  function newRuntime(
    broken: (client: LakefsClient) => LakefsClient,
    installation: Partial<Installation> = watch,
  ): { readonly runtime: Runtime; readonly wrote: string[] } {
    const wrote: string[] = [];
    const runtime = createRuntime(lakefs, mlflow.url, {
      installation,
      lakefs: broken,
      mlflow: (plain) =>
        watched(plain, (method) => {
          if (writes.includes(method)) wrote.push(method);
        }),
    });
    return { runtime, wrote };
  }

  async function linkAll(runtime: Runtime): Promise<Record<string, Done>> {
    const done: Record<string, Done> = {};
    for (const [name, run] of Object.entries(runs)) {
      done[name] = await runtime.run({
        name: 'link-run',
        payload: { v: 1, server: 'default', run },
        cause: 'hook',
      });
    }
    return done;
  }

  // Where the catalog knows nothing of the commit, its branch has to be asked of lakeFS.
  const catalogs = [
    ['', {}],
    [', with nothing in the catalog', { catalog: `empty-${unique}` }],
  ] as const;

  describe.each(catalogs)('each read in turn%s', (_what, other) => {
    test.each(answers)('answers %s: not one tag of a linked run changes', async (_name, facts) => {
      for (const read of reads) {
        const { runtime, wrote } = newRuntime((plain) => failingRead(plain, read, () => failure(facts)), {
          ...watch,
          ...other,
        });
        for (const [name, { error, log }] of Object.entries(await linkAll(runtime))) {
          expect([read, name, wrote, log]).toEqual([read, name, [], []]);
          if (error !== undefined) expect(failureOf(error)).toBeDefined();
        }
      }
    });
  });

  test.each(['a', 'b', 'c'] as const)(
    'one commit alone (%s) answers 404: not one tag changes',
    async (lost) => {
      const { runtime, wrote } = newRuntime((plain) =>
        failingRead(
          plain,
          'getCommit',
          () => failure({ status: 404, json: { message: 'not found' } }),
          ([, ref]) => commits[lost].startsWith(String(ref)),
        ),
      );
      for (const [name, { error, log }] of Object.entries(await linkAll(runtime))) {
        expect([name, error, log]).toEqual([name, undefined, []]);
      }
      expect(wrote).toEqual([]);
    },
  );

  test('a sweep queues nothing that would write', async () => {
    for (const [, facts] of answers) {
      for (const read of ['getRepository', 'getCommit'] as const) {
        const { runtime, wrote } = newRuntime((plain) => failingRead(plain, read, () => failure(facts)));
        await runtime.sweep();
        expect(wrote).toEqual([]);
      }
    }
  });

  test('a repository that is no longer configured: tags stay', async () => {
    for (const [, other] of catalogs) {
      const { runtime, wrote } = newRuntime((plain) => plain, {
        ...watch,
        ...other,
        repositories: ['others-*'],
      });
      await linkAll(runtime);
      await runtime.sweep();
      expect(wrote).toEqual([]);
    }
  });

  test('an experiment that is no longer configured: tags stay', async () => {
    const { runtime, wrote } = newRuntime((plain) => plain, { ...watch, experiments: ['others-*'] });
    await linkAll(runtime);
    expect(wrote).toEqual([]);
  });

  // The last one: it deletes the repository.
  test('tags stay when a repository is deleted and recreated with other commits', async () => {
    await client.deleteRepository(repository);
    const gone = newRuntime((plain) => plain);
    await linkAll(gone.runtime);
    expect(gone.wrote).toEqual([]);
    // A real lakeFS remembers the old one for some seconds, and answers 409.
    const again = { name: repository, storage_namespace: `local://${repository}-again` };
    await waitFor('the repository to be made again', () => client.createRepository(again));
    await waitFor('a commit there', () =>
      commitObject(client, repository, 'main', 'gold/train.csv', 'id\n4\n'),
    );
    // A run that still runs reads from now on what the branch of the new repository holds.
    const running = 'a branch, still running';
    const { [running]: run = '', ...ended } = runs;
    runs = ended;
    for (const [, other] of catalogs) {
      const started = newRuntime((plain) => plain, { ...watch, ...other });
      await linkAll(started.runtime);
      expect(started.wrote).toEqual([]);
    }
    const { [running]: _, ...others } = before;
    expect(await tagsNow()).toEqual(others);
    const { runtime } = newRuntime((plain) => plain);
    await runtime.run({ name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'hook' });
    expect(await lakefsTags(clients, run)).toMatchObject({ 'lakefs.evidence': 'ambiguous' });
  });
});

function failure(facts: Partial<ConstructorParameters<typeof LakefsError>[0]>): LakefsError {
  return new LakefsError({
    name: 'lakeFS',
    method: 'GET',
    url: 'http://lakefs.example/api/v1/repositories/x',
    ...facts,
  });
}
