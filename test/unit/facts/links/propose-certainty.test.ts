import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import { readLinksTag } from '../../../../src/contract/links-tag.js';
import { proposeTags } from '../../../../src/facts/links/propose.js';
import { createServerFacts, type ServerFacts } from '../../../../src/facts/links/server.js';
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

type Kept = { -readonly [K in keyof Run]: Run[K] };

/** Of MLflow's pandas digest all is covered here; what file the frame came from it cannot say. */
const frame = {
  name: 'features',
  digest: 'e24a8c4a',
  source_type: 's3',
  schema: '{"mlflow_colspec":[{"type":"long","name":"x","required":true}]}',
  profile: '{"num_rows":4,"num_elements":4}',
};

let repository = '';
let a = '';
let b = '';
let runs: Kept[] = [];
let searches: string[] = [];
let requests: string[] = [];
let facts: ServerFacts;

beforeEach(async () => {
  seconds = 0;
  repository = await newRepository(client);
  seconds = 100;
  a = await commitObject(client, repository, 'main', 'gold/x.csv', '1');
  runs = [];
  searches = [];
  requests = [];
  facts = service();
});

/** A process that has just started. */
function service(): ServerFacts {
  const mlflow = trainingMlflow({
    searchRuns: async (_experiments: readonly string[], filter: string) => {
      searches.push(filter);
      const digests = new Set([...filter.matchAll(/'([^']*)'/g)].map(([, value]) => value));
      const found = runs.filter(({ inputs }) =>
        (inputs?.dataset_inputs ?? []).some(({ dataset }) => digests.has(dataset.digest)),
      );
      return { runs: found };
    },
  });
  const counted = new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        requests.push(String(name));
        return Reflect.apply(value, target, given);
      };
    },
  }) as LakefsClient;
  const settings = installationFor(sandbox, mlflow.trackingUri);
  return createServerFacts(
    { name: 'default', mlflow, installations: createInstallations([{ settings, lakefs: counted }]) },
    now,
  );
}

/** A run that MLflow shows with this source, from one second to another; undefined while it runs. */
function runFrom(
  start: number,
  end: number | undefined,
  ref: string,
  { name = `run${start}`, dataset = {}, path = 'gold/x.csv' } = {},
): Kept {
  const source = JSON.stringify({ uri: `s3://${repository}/${ref}/${path}` });
  const run = {
    info: {
      run_id: name,
      experiment_id: '1',
      status: end === undefined ? 'RUNNING' : 'FINISHED',
      lifecycle_stage: 'active',
      start_time: made + start * 1_000,
      ...(end === undefined ? {} : { end_time: made + end * 1_000 }),
    },
    data: {},
    inputs: { dataset_inputs: [{ dataset: { ...frame, ...dataset, source } }] },
  } as unknown as Kept;
  runs.push(run);
  return run;
}

/** The tags of a run after a look at it. */
async function tagsOf(run: Kept): Promise<ReadonlyMap<string, string>> {
  const proposal = await proposeTags(run, facts);
  const tags = new Map((run.data.tags ?? []).map(({ key, value }) => [key, value]));
  if (proposal.kind === 'tags') {
    for (const [key, value] of proposal.plan.set) tags.set(key, value);
    for (const key of proposal.plan.remove) tags.delete(key);
  }
  run.data = { ...run.data, tags: [...tags].map(([key, value]) => ({ key, value })) };
  return tags;
}

/** Its links: commit, kind, whether certain. */
async function linksOf(run: Kept): Promise<readonly unknown[]> {
  const { links } = readLinksTag(await tagsOf(run));
  return links.map(({ commit, kind, certain }) => [
    commit === a ? 'a' : commit === b ? 'b' : commit,
    kind,
    certain,
  ]);
}

async function change(): Promise<void> {
  b = await commitObject(client, repository, 'main', 'gold/x.csv', '2');
}

async function moveTag(name: string, to: string): Promise<void> {
  const { endpoint, accessKeyId, secretAccessKey } = sandbox;
  const authorization = `Basic ${btoa(`${accessKeyId}:${secretAccessKey}`)}`;
  await fetch(`${endpoint}/api/v1/repositories/${repository}/tags/${name}`, {
    method: 'DELETE',
    headers: { authorization },
  });
  await client.createTag(repository, { id: name, ref: to });
}

describe('two runs that logged the same columns of two versions of a file, of which MLflow keeps one source', () => {
  test('the first is certain of it, the second never is: by a commit', async () => {
    seconds = 200;
    await change();
    const first = runFrom(300, 310, a);
    const second = runFrom(400, 410, a);
    seconds = 500;
    expect(await linksOf(first)).toEqual([['a', 'exact', true]]);
    expect(await linksOf(second)).toEqual([['a', 'likely', false]]);
  });

  test('by a tag of lakeFS', async () => {
    await client.createTag(repository, { id: 'v1', ref: a });
    seconds = 200;
    await change();
    const first = runFrom(300, 310, 'v1');
    const second = runFrom(400, 410, 'v1');
    seconds = 500;
    expect(await linksOf(first)).toEqual([['a', 'resolved', true]]);
    expect(await linksOf(second)).toEqual([['a', 'resolved', false]]);
  });

  test('a change on a branch that was deleted after the first check still counts', async () => {
    await client.createBranch(repository, { name: 'exp', source: a });
    seconds = 200;
    b = await commitObject(client, repository, 'exp', 'gold/x.csv', '2');
    runFrom(300, 310, a);
    const second = runFrom(400, 410, a);
    seconds = 500;
    expect(await linksOf(second)).toEqual([['a', 'likely', false]]);
    await client.deleteBranch(repository, 'exp');
    seconds = 10_000;
    facts = service();
    expect(await linksOf(second)).toEqual([['a', 'likely', false]]);
  });

  test('a file that nobody changed before the run’s end is certain, and MLflow is asked nothing', async () => {
    runFrom(300, 310, a);
    const second = runFrom(400, 410, a);
    // More than a minute later: so much the clocks of the two servers may differ.
    seconds = 480;
    await change();
    seconds = 500;
    expect(await linksOf(second)).toEqual([['a', 'exact', true]]);
    expect(searches).toEqual([]);
  });

  test('150 unchanged files are certain for the second run too, also in its daily check', async () => {
    const paths = Array.from({ length: 150 }, (_, n) => `many/x${n}.csv`);
    for (const path of paths) await client.uploadObject(repository, 'main', path, '1');
    a = (await client.commit(repository, 'main', { message: 'many' })).id;
    const inputs = paths.map((path) => {
      const source = JSON.stringify({ uri: `s3://${repository}/${a}/${path}` });
      return { dataset: { ...frame, name: path, source } };
    });
    const [, second] = [300, 400].map((start) => {
      const run = runFrom(start, start + 10, a);
      run.inputs = { dataset_inputs: inputs };
      return run;
    }) as [Kept, Kept];
    seconds = 500;
    const kinds = async () => {
      const proposal = await proposeTags(second, facts);
      return proposal.kind === 'tags'
        ? proposal.examination.links.map(({ kind, certain }) => `${kind} ${certain}`)
        : proposal.reason;
    };
    expect(await kinds()).toEqual(paths.map(() => 'exact true'));
    await tagsOf(second);
    seconds = 100_000;
    facts = service();
    expect(await kinds()).toBe('its tags are correct');
    expect(requests.length).toBeLessThan(40);
  });

  test('100 runs with a dataset each cost three searches of MLflow together, and a daily check costs none', async () => {
    seconds = 200;
    await change();
    const many = Array.from({ length: 100 }, (_, n) =>
      runFrom(300 + n, 301 + n, a, { dataset: { digest: `e${String(n).padStart(7, '0')}` } }),
    );
    seconds = 500;
    const links = await Promise.all(many.map(linksOf));
    expect(links.every(([link]) => JSON.stringify(link) === '["a","exact",true]')).toBe(true);
    expect(searches.length).toBeLessThanOrEqual(3);
    expect(requests.filter((name) => name === 'log').length).toBeLessThan(10);
    searches = [];
    seconds = 100_000;
    await Promise.all(many.map(linksOf));
    expect(searches).toEqual([]);
  });
});

describe('a tag of lakeFS that is moved', () => {
  test('moved within a minute after it was resolved for another run leads a later run to its new commit', async () => {
    await client.createTag(repository, { id: 'v1', ref: a });
    seconds = 200;
    await change();
    seconds = 300;
    expect(await linksOf(runFrom(290, 299, 'v1', { dataset: { name: 'one' } }))).toEqual([
      ['a', 'resolved', true],
    ]);
    seconds = 305;
    await moveTag('v1', b);
    seconds = 320;
    for (const start of [310, 315]) {
      expect(await linksOf(runFrom(start, start + 3, 'v1', { dataset: { name: `later${start}` } }))).toEqual([
        ['b', 'resolved', true],
      ]);
    }
  });

  test('during a run that is first examined after its end is not certain', async () => {
    await client.createTag(repository, { id: 'v1', ref: a });
    const run = runFrom(200, 400, 'v1');
    seconds = 300;
    await change();
    await moveTag('v1', b);
    seconds = 500;
    const tags = await tagsOf(run);
    expect(readLinksTag(tags).links).toMatchObject([
      { commit: b, kind: 'resolved', certain: false, flags: ['younger than the run'] },
    ]);
    expect(tags.has('lakefs_commit')).toBe(false);
  });
});

describe('a path that holds nothing at its commit', () => {
  test.each(['source', 'declared'])('is not certain and has no status (%s)', async (how) => {
    const run = runFrom(300, 310, a, { path: 'gold/nothing.csv' });
    if (how === 'declared') {
      run.data = {
        tags: [
          { key: 'lakefs_repo', value: repository },
          { key: 'lakefs_commit', value: a },
        ],
      };
    }
    seconds = 500;
    const tags = await tagsOf(run);
    expect(readLinksTag(tags).links).toMatchObject([{ commit: a, path: 'gold/nothing.csv', certain: false }]);
    expect(tags.has('lakefs.status')).toBe(false);
  });
});

describe('a run that logs epochs, and may have begun after its data was read', () => {
  const begun = (ref: string): Kept => {
    const run = runFrom(5_000, 5_010, ref);
    run.data = { metrics: [{ key: 'epoch', value: 1, timestamp: 1 }] };
    seconds = 6_000;
    return run;
  };

  test('is ambiguous where the branch moved within the day before', async () => {
    seconds = 4_000;
    await change();
    expect(await linksOf(begun('main'))).toEqual([['b', 'ambiguous', false]]);
  });

  test('is inferred where the data came to the branch within that day, and other data after it', async () => {
    seconds = 4_000;
    b = await commitObject(client, repository, 'main', 'silver/x.csv', '1');
    expect(await linksOf(begun('main'))).toEqual([['b', 'inferred', false]]);
  });
});

describe('two runs that logged a dataset without a frame, whose digest MLflow makes of its source', () => {
  test('each is certain, though the file was changed between them and another run wrote the source', async () => {
    seconds = 200;
    const dataset = ofSource(a);
    const first = runFrom(290, 295, a, { dataset });
    await change();
    const second = runFrom(300, 310, a, { dataset });
    expect(await linksOf(first)).toEqual([['a', 'exact', true]]);
    expect(await linksOf(second)).toEqual([['a', 'exact', true]]);
  });

  test('a digest of another source does not make it certain', async () => {
    seconds = 200;
    const dataset = ofSource('0'.repeat(64));
    await change();
    runFrom(300, 310, a, { dataset });
    expect(await linksOf(runFrom(320, 330, a, { dataset }))).toEqual([['a', 'likely', false]]);
  });

  /** As `MetaDataset` of MLflow makes it. */
  function ofSource(ref: string): { digest: string; profile: undefined; schema: undefined } {
    const source = JSON.stringify({ uri: `s3://${repository}/${ref}/gold/x.csv` });
    const text = `{"name": "features", "source": ${JSON.stringify(source)}, "source_type": "s3", "schema": ""}`;
    return {
      digest: createHash('sha256').update(text).digest('hex').slice(0, 8),
      profile: undefined,
      schema: undefined,
    };
  }
});
