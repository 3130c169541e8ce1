import { expect, test } from 'vitest';
import { mlflowServers } from '../../../src/config/servers.js';
import { enough, load } from './fixtures.js';

const [base] = load(enough).installations;

function installation(name: string, trackingUri: string, workspace?: string) {
  return { ...base!, name, mlflow: { ...base!.mlflow, trackingUri, ...(workspace && { workspace }) } };
}

test('installations are grouped by MLflow server and workspace, and the group has the name of the first', () => {
  const servers = mlflowServers([
    installation('a', 'http://one'),
    installation('b', 'http://two'),
    installation('c', 'http://one'),
    installation('d', 'http://one', 'team'),
  ]);
  expect(servers.map(({ name, installations }) => [name, installations.map((one) => one.name)])).toEqual([
    ['a', ['a', 'c']],
    ['b', ['b']],
    ['d', ['d']],
  ]);
});
