import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { byMlflowServer, createInstallations } from '../../../src/config/installations.js';
import { enough, load } from './fixtures.js';

const [base] = load(enough).installations;

function installation(name: string, trackingUri: string, workspace?: string) {
  return { ...base!, name, mlflow: { ...base!.mlflow, trackingUri, ...(workspace && { workspace }) } };
}

test('installations are grouped by MLflow server and workspace, and the group has the name of the first', () => {
  const servers = byMlflowServer([
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

describe('installations, asked', () => {
  const east = { ...base!, name: 'east', repositories: ['images'], mode: 'observe' as const };
  const west = { ...base!, name: 'west', experiments: ['!scratch'], catalog: 'data' };
  const both = createInstallations([{ settings: east }, { settings: west }]);

  test('by name', () => {
    expect(both.named('west')?.settings).toBe(west);
    expect(both.named('north')).toBeUndefined();
    expect(both.named(undefined)).toBeUndefined();
  });

  test('which watch a repository, an experiment, a host', () => {
    expect(both.matching({ repository: 'sounds' }).names).toEqual(['west']);
    expect(both.matching({ repository: 'images', experiment: 'scratch' }).names).toEqual(['east']);
    expect(both.matching({ host: new URL(base!.lakefs.endpoint).host }).names).toEqual(['east', 'west']);
    expect(both.matching({ host: 'elsewhere.example' }).names).toEqual([]);
  });

  test('whose catalog an experiment is', () => {
    expect(both.catalogOf({ installation: 'west', repository: 'images' })).toBe('data/west/images');
    expect(both.catalogOf({ installation: 'north', repository: 'images' })).toBeUndefined();
    expect(both.ofCatalog('data/west/images', 'images')?.settings).toBe(west);
    expect(both.ofCatalog('training', 'images')).toBeUndefined();
  });

  test('which may write tags of runs and of model versions', () => {
    expect([both.observes(['east']), both.observes(['west']), both.observes(['north'])]).toEqual([
      true,
      false,
      false,
    ]);
    const tagging = createInstallations([
      { settings: { ...east, tagModels: true } },
      { settings: { ...west, tagModels: true } },
    ]);
    expect([tagging.tagsModels(), tagging.tagsModels(['east']), tagging.tagsModels(['west'])]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

test('nobody else compares the names of installations', () => {
  const own = join('src', 'config');
  const files = ['src', 'hooks', 'workers'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const compares = /settings\.name ===|=== [\w.]*settings\.name|settings\.tagModels/;
  expect(
    files.filter(
      (name) => name.endsWith('.ts') && !name.startsWith(own) && compares.test(readFileSync(name, 'utf8')),
    ),
  ).toEqual([]);
});
