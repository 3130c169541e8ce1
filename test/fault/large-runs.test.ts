import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMlflowClients } from '../../src/mlflow/clients.js';
import type { Run } from '../../src/mlflow/types.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { createCountingRuntime } from '../support/jobs/counting-runtime.js';
import { bridgeToken, clientFor, commitObject, newRepository } from '../support/lakefs/lakefs.js';
import { memoryMlflow } from '../support/mlflow/memory-mlflow.js';
import { type ServedMlflow, serveMlflow } from '../support/mlflow/served-mlflow.js';

const megabyte = 1_000_000;
let lakefs: Sandbox;
let repository: string;
let commit: string;
let source: string;
const served: ServedMlflow[] = [];

beforeAll(async () => {
  lakefs = await startSandbox({ env: { LAKEFSACTION_BRIDGE_TOKEN: bridgeToken } });
  const client = clientFor({ kind: 'sandbox', ...lakefs, stop: async () => undefined });
  repository = await newRepository(client, 'large');
  commit = await commitObject(client, repository, 'main', 'gold/train/part-0', 'content');
  source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/train/part-0` });
});
afterAll(async () => {
  await Promise.all(served.map((server) => server.close()));
  await lakefs.close();
});

/**
 * A server with runs that read the data, by name; each answers with so many megabytes of params. Where it is given a
 * memory, in megabytes, it answers 500 to what has more.
 */
async function serverWith(weights: Readonly<Record<string, number>>, memoryMegabytes?: number) {
  const memory = memoryMlflow();
  const { experiments, runs } = memory.clients;
  const experiment = await experiments.createExperiment('training');
  const ids = new Map<string, string>();
  const started = Date.now() - 60_000;
  for (const [index, name] of Object.keys(weights).entries()) {
    const { info } = await runs.createRun(experiment, name, started + index);
    const dataset = { name, digest: name, source_type: 's3', source };
    await runs.logInputs(info.run_id, [{ dataset }]);
    await runs.updateRun(info.run_id, 'FINISHED', started + 30_000);
    ids.set(info.run_id, name);
  }
  const weigh = ({ info }: Run): number => (weights[ids.get(info.run_id) ?? ''] ?? 0) * megabyte;
  const server = await serveMlflow(
    memory,
    weigh,
    memoryMegabytes === undefined ? undefined : memoryMegabytes * megabyte,
  );
  served.push(server);
  const clients = createMlflowClients(server.url, { retry: { retries: 0 }, connections: 'reuse' });
  const session = createCountingRuntime(lakefs, clients, 'training').session();
  /** The names of the runs that a sweep wants to be linked. */
  const sweep = async (afterMs?: number): Promise<readonly string[]> => {
    const { queued } = await session.sweep(afterMs);
    return queued.flatMap(({ payload }) => ('run' in payload ? [ids.get(payload.run) ?? ''] : []));
  };
  const idOf = (name: string): string => [...ids].find(([, other]) => other === name)?.[0] ?? '';
  const link = (name: string): Promise<void> => session.link(idOf(name));
  const look = () => session.look(repository, commit);
  return { ...server, sweep, idOf, link, look };
}

function named(count: number, name: string, weight: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}-${n}`, weight]));
}

test('19 runs of 12 MB each between 6 usual ones, 228 MB in a page: one sweep wants all 25 linked', async () => {
  const weights = { ...named(3, 'before', 0), ...named(19, 'large', 12), ...named(3, 'after', 0) };
  const { sweep, searches } = await serverWith(weights);
  expect(new Set(await sweep())).toEqual(new Set(Object.keys(weights)));
  // The look at all runs and the lap, which halve their pages each for itself.
  expect(searches.length).toBeLessThan(100);
});

test('a run of 215 MB is left out, which holds back no other run, and later sweeps do not ask for it', async () => {
  const weights = { ...named(5, 'before', 0), huge: 215, ...named(5, 'after', 0) };
  const { sweep, searches, idOf } = await serverWith(weights);
  const others = Object.keys(weights).filter((name) => name !== 'huge');
  expect(new Set(await sweep())).toEqual(new Set(others));
  searches.length = 0;
  expect(new Set(await sweep())).toEqual(new Set(others));
  const looks = searches.filter(({ filter }) => filter.includes('_time >='));
  expect(looks.length).toBeGreaterThan(0);
  expect(looks.every(({ filter }) => filter.includes(`NOT IN ('${idOf('huge')}')`))).toBe(true);
});

/** So many runs of 12 MB, between each two a usual one. */
function mixed(large: number): Record<string, number> {
  return Object.fromEntries(
    Array.from({ length: 2 * large }, (_, n) => (n % 2 === 0 ? [`large-${n}`, 12] : [`usual-${n}`, 0])),
  );
}

test('20 runs of 12 MB beside 20 usual ones, on a server that lacks the memory for 60 MB: four searches fail, and in later sweeps none', async () => {
  const weights = mixed(20);
  const { sweep, searches } = await serverWith(weights, 60);
  expect(new Set(await sweep())).toEqual(new Set(Object.keys(weights)));
  expect(searches.filter(({ served }) => !served)).toHaveLength(4);
  searches.length = 0;
  expect(new Set(await sweep())).toEqual(new Set(Object.keys(weights)));
  expect(searches.filter(({ served }) => !served)).toEqual([]);
});

test('a check of the 16 consumers of a commit, 8 of them 12 MB each: no search fails once a sweep has found out which', async () => {
  const weights = mixed(8);
  const { sweep, searches, link, look } = await serverWith(weights, 60);
  await sweep();
  for (const name of Object.keys(weights)) await link(name);
  searches.length = 0;
  await look();
  expect(searches.length).toBeGreaterThan(0);
  expect(searches.filter(({ served }) => !served)).toEqual([]);
});

test('6 runs of 12 MB that are linked: later sweeps read none of them again', async () => {
  const { sweep, searches, link } = await serverWith(mixed(6));
  for (const name of await sweep()) await link(name);
  // The lap looks at all once more.
  for (let turn = 0; turn < 8; turn += 1) await sweep(10_000);
  searches.length = 0;
  // A whole one, which reaches back to before they began.
  expect(await sweep(150_000)).toEqual([]);
  expect(searches.length).toBeGreaterThan(0);
  expect(Math.max(...searches.map(({ bytes }) => bytes))).toBe(0);
});

test('a run that MLflow never serves holds back none of 10 others, and is asked for no more after the third time', async () => {
  const weights = { ...named(5, 'before', 0), broken: 61, ...named(5, 'after', 0) };
  const { sweep, searches, idOf } = await serverWith(weights, 60);
  const others = new Set(Object.keys(weights).filter((name) => name !== 'broken'));
  for (let turn = 0; turn < 3; turn += 1) expect(new Set(await sweep())).toEqual(others);
  searches.length = 0;
  expect(new Set(await sweep())).toEqual(others);
  const looks = searches.filter(({ filter }) => filter.includes('_time >='));
  expect(looks.length).toBeGreaterThan(0);
  expect(looks.every(({ filter }) => filter.includes(`'${idOf('broken')}'`))).toBe(true);
  expect(looks.every(({ served }) => served)).toBe(true);
});
