import { expect, inject, test } from 'vitest';

const { mlflow } = inject('servers');

test('the MLflow under test is the release that the project names', async () => {
  const answer = await fetch(`${mlflow.url}/version`);
  expect(await answer.text()).toBe(mlflow.version);
});
