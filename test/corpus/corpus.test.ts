import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLakefsClient } from '../../src/lakefs/client.js';
import { createMlflowClients } from '../../src/mlflow/clients.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import type { LakefsAddress } from '../support/service/settings.js';
import { allCases } from './cases/index.js';
import { type Outcome, playCorpus } from './harness/corpus.js';
import { scoreKinds, tellScores } from './harness/score.js';
import type { Stage } from './harness/world.js';

const { mlflow, lakefs: real } = realServers();

/** A part of the names, to work on some cases only. */
const only = process.env.LAKEFS_MLFLOW_CORPUS ?? '';

const kinds: readonly ('sandbox' | 'real')[] = real === null ? ['sandbox'] : ['sandbox', 'real'];

describe.each(kinds)('labelled histories on a %s lakeFS', (kind) => {
  const closing: (() => Promise<void>)[] = [];
  // A real server has no clock that could be set.
  const cases = allCases.filter(
    ({ name, clock }) => name.includes(only) && (kind === 'sandbox' || clock !== true),
  );
  let outcome: Outcome;

  async function sandboxStage(): Promise<Stage> {
    let clock = Date.now();
    const sandbox = await startSandbox({ now: () => clock });
    closing.push(() => sandbox.close());
    return {
      client: createLakefsClient(sandbox),
      address: sandbox,
      setClock: (ms) => {
        clock = ms;
      },
    };
  }

  beforeAll(async () => {
    const second = await sandboxStage();
    const first = kind === 'sandbox' || real === null ? await sandboxStage() : realStage(real);
    // Right after its start MLflow may answer 500 about models.
    const { versions } = createMlflowClients(mlflow.url);
    await waitFor('the model registry', async () => (await versions.searchModelVersionsPage()) !== undefined);
    outcome = await playCorpus(cases, { default: first, second }, mlflow.url);
  }, 300_000);

  afterAll(async () => {
    if (outcome !== undefined) {
      console.log(tellScores(`${cases.length} labelled histories on a ${kind} lakeFS`, outcome.scored));
    }
    for (const close of closing) await close();
  });

  test.each(cases.map(({ name }) => name))('%s', (name) => {
    expect(outcome.problems.get(name)).toEqual([]);
  });

  test('every declared and exact link is found, and no other', () => {
    const scores = scoreKinds(outcome.scored).filter((score) => ['declared', 'exact'].includes(score.kind));
    for (const { kind: of, precision, recall } of scores) {
      expect({ of, precision, recall }).toEqual({ of, precision: 1, recall: 1 });
    }
  });

  test('no link is called certain that names other bytes than those that were read', () => {
    expect(outcome.wrongCertain).toEqual([]);
  });

  test('no job failed, and nothing is left to do once all jobs have run', () => {
    expect(outcome.failedJobs).toEqual([]);
    expect(outcome.restless).toEqual([]);
  });
});

function realStage(address: LakefsAddress): Stage {
  return { client: createLakefsClient(address), address, setClock: () => undefined };
}
