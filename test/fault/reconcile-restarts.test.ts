import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LakefsClient } from '../../src/lakefs/types.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { createWatcher, reachable, type Watcher, withoutLabels } from '../support/jobs/own-service.js';
import { clientFor, commitObject, newRepository } from '../support/lakefs/lakefs.js';
import { type RandomRepository, randomRepository } from '../support/lakefs/random-repository.js';
import { type MemoryMlflow, memoryMlflow } from '../support/mlflow/memory-mlflow.js';

vi.setConfig({ testTimeout: 120_000 });

let sandbox: Sandbox;
let lakefs: LakefsClient;
beforeAll(async () => {
  sandbox = await startSandbox();
  lakefs = clientFor({ ...sandbox, kind: 'sandbox', stop: sandbox.close });
});
afterAll(() => sandbox.close());

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
const steps = 20;

test.each(
  [
    { fate: 'no event comes', heard: 0 },
    { fate: 'a random 30 % of the events are lost', heard: 0.7 },
  ].flatMap((fate) => seeds.map((seed) => ({ ...fate, seed }))),
)(
  'where $fate and the process is killed between and during checks, the catalog ends as in an undisturbed run (seed $seed)',
  async ({ heard, seed }) => {
    const repository = await newRepository(lakefs, 'killed');
    await commitObject(lakefs, repository, 'main', 'gold/0.csv', '0');
    await lakefs.createBranch(repository, { name: 'side', source: 'main' });
    await commitObject(lakefs, repository, 'side', 'gold/1.csv', '1');
    const calm = fragileWatcher(sandbox);
    const killed = fragileWatcher(sandbox);
    await calm.watcher.settle(repository);
    const chaos = randomRepository(lakefs, repository, 1_000 + seed);
    await firstScan(killed, repository, chaos);
    const heads = await branchHeads(repository);
    const below = new Set([...(await reachable(lakefs, repository))].filter((id) => !heads.has(id)));

    const history = randomRepository(lakefs, repository, seed);
    // Where only events tell of commits between the first look and the next start, nothing but the stored edge helps.
    const looksFrom = Math.floor(chaos.random() * 6);
    for (let step = 1; step <= steps; step += 1) {
      for (const commit of await history.step()) {
        await calm.watcher.hook(repository, commit);
        if (chaos.random() < heard) await hear(killed, repository, commit, chaos);
      }
      if (step % 4 === 0) await calm.watcher.reconcile(repository);
      if (step === looksFrom) killed.restart();
      if (step > looksFrom) await someLooks(killed, repository, chaos);
    }

    const above = [...(await reachable(lakefs, repository))].filter((id) => !below.has(id));
    for (const { watcher } of [calm, killed]) {
      await watcher.settle(repository);
      // Whatever was registered on the way, nothing more is queued: all heads are marked.
      watcher.restart();
      await watcher.settle(repository);
    }
    expect(await catalogOf(killed, repository, above)).toEqual(await catalogOf(calm, repository, above));
    expect((await catalogOf(calm, repository, above)).filter(({ tags }) => tags === undefined)).toEqual([]);
  },
);

interface Fragile {
  readonly watcher: Watcher;
  readonly mlflow: MemoryMlflow;
  /** The process dies after so many more calls to MLflow, and makes none until it is started again. */
  dieAfter(calls: number): void;
  restart(): void;
}

function fragileWatcher(server: Sandbox): Fragile {
  const mlflow = memoryMlflow();
  let left = Number.POSITIVE_INFINITY;
  const fragile = <T extends object>(methods: T): T =>
    new Proxy(methods, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          left -= 1;
          if (left < 0) throw new Error('the process is dead');
          return method.apply(target, given);
        };
      },
    });
  const clients: MlflowClients = {
    ...mlflow.clients,
    experiments: fragile(mlflow.clients.experiments),
    runs: fragile(mlflow.clients.runs),
  };
  const watcher = createWatcher(server, 'http://127.0.0.1:9', { mlflow: () => clients });
  return {
    watcher,
    mlflow,
    dieAfter: (calls) => {
      left = calls;
    },
    restart: () => {
      left = Number.POSITIVE_INFINITY;
      watcher.restart();
    },
  };
}

/** Killed at any place until it has told where the repository is followed from; nothing is committed meanwhile. */
async function firstScan(one: Fragile, repository: string, chaos: RandomRepository): Promise<void> {
  for (;;) {
    const finished = await look(one, repository, chaos);
    const tags = [...one.mlflow.experiments.values()].flatMap(({ tags = [] }) => tags);
    if (finished || tags.some(({ key }) => key === 'lakefs.horizon.0')) break;
  }
  await work(one, chaos);
}

/** The event comes in; its job and those before it may be done before the process dies. */
async function hear(
  one: Fragile,
  repository: string,
  commit: string,
  chaos: RandomRepository,
): Promise<void> {
  const payload = { v: 1, installation: 'default', repository, commit } as const;
  one.watcher.add({ name: 'register-commit', payload, cause: 'hook' });
  await work(one, chaos);
}

async function someLooks(one: Fragile, repository: string, chaos: RandomRepository): Promise<void> {
  for (let looks = Math.floor(chaos.random() * 3); looks > 0; looks -= 1) {
    await look(one, repository, chaos);
    await work(one, chaos);
  }
  if (chaos.random() < 0.3) one.restart();
}

/** One look; in every second one the process dies at some call to MLflow. Answers true where it came to its end. */
async function look(one: Fragile, repository: string, chaos: RandomRepository): Promise<boolean> {
  one.watcher.skip(60_000);
  if (chaos.random() < 0.5) one.dieAfter(Math.floor(chaos.random() * 20));
  const payload = { v: 1, installation: 'default', repository } as const;
  const { error } = await one.watcher.run({ name: 'reconcile-repository', payload, cause: 'reconcile' });
  if (error === undefined) one.dieAfter(Number.POSITIVE_INFINITY);
  else die(one, chaos);
  return error === undefined;
}

/** Some of the jobs that wait, until there is none or the process dies. */
async function work(one: Fragile, chaos: RandomRepository): Promise<void> {
  const { watcher } = one;
  if (chaos.random() < 0.5) one.dieAfter(Math.floor(chaos.random() * 40));
  for (let job = watcher.waiting.shift(); job !== undefined; job = watcher.waiting.shift()) {
    const { error } = await watcher.run(job);
    if (error === undefined) continue;
    // What was running waits again.
    watcher.waiting.unshift(job);
    return die(one, chaos);
  }
  one.dieAfter(Number.POSITIVE_INFINITY);
}

/** Every third time the queue is lost as well. */
function die(one: Fragile, chaos: RandomRepository): void {
  if (chaos.random() < 0.3) one.watcher.waiting.length = 0;
  one.restart();
}

async function branchHeads(repository: string): Promise<ReadonlySet<string>> {
  const heads = new Set<string>();
  for await (const { commit_id } of lakefs.branches(repository)) heads.add(commit_id);
  return heads;
}

/** What the catalog says of the commits. Nobody has consumed one, so nobody follows what became of them. */
async function catalogOf({ watcher }: Fragile, repository: string, commits: readonly string[]) {
  const entries = await watcher.entries(repository);
  const followed = ['lakefs.status', 'lakefs.because', 'lakefs.promoted_to'];
  return commits.toSorted().map((commit) => {
    const run = entries.get(commit);
    const tags = Object.entries(withoutLabels(run)).filter(([key]) => !followed.includes(key));
    const sources = (run?.inputs?.dataset_inputs ?? []).map(({ dataset }) => dataset.source).toSorted();
    return { commit, tags: run === undefined ? undefined : Object.fromEntries(tags), sources };
  });
}
