import { expect, test } from 'vitest';
import { createMlflowClients } from '../../../../src/mlflow/clients.js';
import { finishing, logCandidates, writeToRun } from '../../../../workers/register/catalog.js';
import { scripted } from '../../../support/servers/scripted-server.js';

test('what finishes a catalog run goes before what begins others', async () => {
  const info = { run_id: 'r', experiment_id: '1', status: 'RUNNING' };
  const body = JSON.stringify({ run: { info, data: {} }, run_info: info });
  const server = await scripted({ status: 200, body });
  const mlflow = createMlflowClients(server.url, { connections: 'new', maxInFlight: 1 });
  const dataset = { name: 'd', digest: 'x', source_type: 's3' as const, source: '{}', profile: '{}' };
  await Promise.all([
    mlflow.runs.createRun('1', 'first'),
    mlflow.runs.createRun('1', 'second'),
    mlflow.runs.createRun('1', 'third'),
    logCandidates(mlflow, 'r', [{ tags: [], dataset }]),
    writeToRun(mlflow, 'r', new Map([['lakefs.status', 'current']])),
    mlflow.runs.updateRun('r', 'FINISHED', 0, undefined, finishing),
  ]);
  const asked = server.seen.map(({ url }) => String(url).split('/').at(-1));
  expect(asked).toEqual(['create', 'log-inputs', 'log-batch', 'update', 'create', 'create']);
});
