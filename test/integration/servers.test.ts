import { expect, test } from 'vitest';
import { realServers } from '../support/servers/real-servers.js';

const { mlflow } = realServers();

test('the MLflow under test is the release that the project names', async () => {
  const answer = await fetch(`${mlflow.url}/version`);
  expect(await answer.text()).toBe(mlflow.version);
});
