import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLakefsClient } from '../../src/lakefs/client.js';
import type { Run } from '../../src/mlflow/types.js';
import type { NewJob } from '../../src/queue/types.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { createRuntime, type Done, type Runtime } from '../support/jobs/runtime.js';
import { type MemoryMlflow, memoryMlflow } from '../support/mlflow/memory-mlflow.js';
import { pandas, writeInput } from './harness/inputs.js';

const path = 'gold/train.csv';
/** Long ago: a registration asks for a sweep, which looks at runs of late. */
const monthAgo = Date.now() - 30 * 24 * 3_600_000;

interface Counts {
  lakefs: number;
  mlflow: number;
}

interface Place {
  readonly repo: string;
  readonly runtime: Runtime;
  readonly mlflow: MemoryMlflow;
  readonly counts: Counts;
}

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

test('an event, a run and a check of the branches cost the same with 100, 1,000 and 10,000 commits and runs', {
  timeout: 240_000,
}, async () => {
  const hundred = await costsAt(100);
  const thousand = await costsAt(1_000);
  const tenThousand = await costsAt(10_000);
  console.log('requests, with all that follows:', JSON.stringify({ hundred, thousand, tenThousand }));
  expectNoMore(thousand, hundred);
  expectNoMore(tenThousand, hundred);
});

type Costs = Awaited<ReturnType<typeof costsAt>>;

/** A run is read again where a decision took longer than 20 ms: that much may differ. */
function expectNoMore(large: Costs, small: Costs): void {
  for (const what of Object.keys(small) as (keyof Costs)[]) {
    for (const server of ['lakefs', 'mlflow'] as const) {
      const more = large[what][server] - small[what][server];
      expect({ what, server, more: more > 2 }).toEqual({ what, server, more: false });
    }
  }
}

async function costsAt(size: number) {
  const place = await placeWith(size);
  let read = '';
  return {
    event: await cost(place, async () => {
      read = await commit(place, path);
      await told(place, read);
    }),
    run: await cost(place, () => linked(place, reads(place, 'new', read, path))),
    supersedingEvent: await cost(place, async () => told(place, await commit(place, path))),
    lookAfterLostEvent: await cost(place, async () => {
      await commit(place, 'bronze/x.csv');
      await looked(place);
    }),
  };
}

/** A repository of so many commits, and as many finished runs that are linked to one of them. */
async function placeWith(size: number): Promise<Place> {
  const repo = `counted-${size}`;
  const mlflow = memoryMlflow();
  const counts = { lakefs: 0, mlflow: 0 };
  await mlflow.clients.experiments.createExperiment('training');
  const runtime = createRuntime(sandbox, 'http://127.0.0.1:9', {
    installation: { repositories: [repo], experiments: ['training'] },
    mlflow: () => ({
      ...mlflow.clients,
      runs: counted(mlflow.clients.runs, (given) => (counts.mlflow += isOfRound(given) ? 0 : 1)),
      experiments: counted(mlflow.clients.experiments, () => (counts.mlflow += 1)),
      versions: counted(mlflow.clients.versions, () => (counts.mlflow += 1)),
    }),
    lakefs: (client) => counted(client, () => (counts.lakefs += 1)),
  });
  const place = { repo, runtime, mlflow, counts };
  const client = createLakefsClient(sandbox);
  await client.createRepository({ name: repo, storage_namespace: `local://${repo}` });
  const old = await commit(place, 'silver/old.csv');
  for (let made = 1; made < size; made += 1) {
    await client.commit(repo, 'main', { message: `commit ${made}`, allow_empty: true });
  }
  // All log one dataset at one time: like the others, the first is not known to have written its source.
  const model = reads(place, 'model', old, 'silver/old.csv');
  reads(place, 'model-0', old, 'silver/old.csv');
  await linked(place, model);
  const run = mlflow.runs.get(model);
  expect(run?.data.tags).toContainEqual({ key: 'lakefs_commit', value: old });
  for (let made = 1; made < size && run !== undefined; made += 1) {
    const info = { ...run.info, start_time: monthAgo + made * 1_000 };
    keep(place, `model-${made}`, { ...run, info });
  }
  // What is asked once, at the first of its kind, is not counted; nor are runs that are found late, as these are.
  for (let sweeps = 0; sweeps < 10; sweeps += 1) noneFailed(await runtime.sweep());
  await looked(place);
  runtime.skip(10 * 60_000);
  await looked(place);
  const first = await commit(place, path);
  await told(place, first);
  await linked(place, reads(place, 'first', first, path));
  await looked(place);
  return place;
}

function keep({ mlflow }: Place, name: string, run: Run): string {
  const id = Buffer.from(name).toString('hex').padStart(32, '0').slice(-32);
  mlflow.runs.set(id, { ...run, info: { ...run.info, run_id: id, run_name: name } });
  return id;
}

/** A finished run that reads the commit; answers with its id. */
function reads(place: Place, name: string, read: string, where: string): string {
  const source = `s3://${place.repo}/${read}/${where}`;
  return keep(place, name, {
    info: {
      run_id: '',
      experiment_id: '1',
      status: 'FINISHED',
      start_time: monthAgo,
      end_time: monthAgo + 60_000,
      lifecycle_stage: 'active',
    },
    data: {},
    inputs: { dataset_inputs: [writeInput(pandas(source), (text) => text)] },
  });
}

let content = 0;

async function commit({ repo }: Place, changed: string): Promise<string> {
  const client = createLakefsClient(sandbox);
  content += 1;
  await client.uploadObject(repo, 'main', changed, `${content}`);
  return (await client.commit(repo, 'main', { message: changed })).id;
}

/** The job of a commit's event, and all that follow from it. */
function told(place: Place, id: string): Promise<void> {
  const payload = {
    v: 1,
    installation: 'default',
    repository: place.repo,
    commit: id,
    branch: 'main',
  } as const;
  return done(place, { name: 'register-commit', payload, cause: 'hook' });
}

/** The job of a run, and all that follow from it. */
function linked(place: Place, run: string): Promise<void> {
  return done(place, { name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'sweep' });
}

async function done({ runtime }: Place, job: NewJob): Promise<void> {
  runtime.add(job);
  noneFailed(await runtime.drain());
}

/** A look at the branches, and all that it queues. */
async function looked({ runtime, repo }: Place): Promise<void> {
  noneFailed(await runtime.reconcile(repo));
}

function noneFailed(all: readonly Done[]): void {
  const failed = all.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw failed.error;
}

async function cost({ runtime, counts }: Place, work: () => Promise<void>): Promise<Counts> {
  // What is remembered for a while is forgotten, so that each cost is the whole one.
  runtime.skip(20 * 60_000);
  counts.lakefs = 0;
  counts.mlflow = 0;
  await work();
  return { ...counts };
}

/** Rounds for late runs come with time, of which they may take a hundredth, and not with events. */
function isOfRound([, filter]: readonly unknown[]): boolean {
  return /^(attributes\.start_time >= \d+ AND )?attributes\.start_time < /.test(String(filter));
}

/** The same client; each call is a request. */
function counted<T extends object>(client: T, count: (given: readonly unknown[]) => void): T {
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        count(given);
        return Reflect.apply(value, target, given);
      };
    },
  });
}
