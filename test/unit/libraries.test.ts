import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { libraries } from '../../scripts/lib/libraries.mjs';
import { createLakefsClient } from '../../src/lakefs/client.js';
import type { Run } from '../../src/mlflow/types.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { type Recorded, readingOf } from '../libraries/reading.js';
import { tableOfLibraries } from '../libraries/table.js';
import { newRepository } from '../support/lakefs/lakefs.js';
import { trainingMlflow } from '../support/mlflow/training-mlflow.js';

const folder = new URL('../libraries/recorded/', import.meta.url);
const rows = tableOfLibraries();
const sandbox = await startSandbox({ env: {}, now: () => 500_000 });
afterAll(() => sandbox.close());

describe('the table of libraries in docs/references.md', () => {
  test('has a row, a recording and pinned packages for each of at least twelve libraries', () => {
    const names = rows.map(({ library }) => library).sort();
    expect(names.length).toBeGreaterThanOrEqual(12);
    expect(
      readdirSync(folder)
        .map((file) => file.replace('.json', ''))
        .sort(),
    ).toEqual(names);
    expect(
      libraries()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
    for (const { name, packages } of libraries()) {
      expect({ name, packages: recordedOf(name).packages }).toEqual({ name, packages });
      expect(packages.filter((one) => !/^[\w-]+==[\d.]+$/.test(one))).toEqual([]);
    }
  });

  test.each(rows)('is right about what $library logged', async ({ library, plain, line }) => {
    const client = createLakefsClient(sandbox);
    const repository = await newRepository(client, 'lib');
    const recorded = recordedOf(library);
    for (const path of recorded.objects) await client.uploadObject(repository, 'main', path, path);
    const { id } = await client.commit(repository, 'main', { message: 'Data' });
    const reading = (run: Run): Promise<string> => {
      const text = JSON.stringify(run).replaceAll('{repo}', repository).replaceAll('{commit}', id);
      const mlflow = trainingMlflow({ searchRuns: async () => ({ runs: [] }) });
      return readingOf(JSON.parse(text), { lakefs: sandbox, client, mlflow, now: () => 2_000_000 });
    };
    expect({ plain: await reading(recorded.plain), line: await reading(recorded.line) }).toEqual({
      plain,
      line,
    });
  });
});

test('what is recorded names nobody and nothing of the machine that recorded it', () => {
  for (const { library } of rows) {
    const text = readFileSync(new URL(`${library}.json`, folder), 'utf8');
    expect(text).not.toMatch(/\/root|\/tmp|127\.0\.0\.1|mlflow\.source|AKIA/);
  }
});

function recordedOf(library: string): Recorded {
  return JSON.parse(readFileSync(new URL(`${library}.json`, folder), 'utf8'));
}
