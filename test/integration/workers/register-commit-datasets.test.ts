import { describe, expect, test } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { newBench } from '../../support/jobs/register-commit.js';
import { clientFor, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { realServers } from '../../support/servers/real-servers.js';

const servers = realServers();
const mlflow = createMlflowClients(servers.mlflow.url);

describe.each(await lakefsUnderTest())('on $kind lakeFS', (server) => {
  const lakefs = clientFor(server);

  /** Commits these objects, registers that, and answers with the names of the candidates, without the repository's. */
  async function register(bench: ReturnType<typeof newBench>, repository: string, paths: readonly string[]) {
    await Promise.all(paths.map((path) => lakefs.uploadObject(repository, 'main', path, path)));
    const { id } = await lakefs.commit(repository, 'main', { message: `Add ${paths[0]}` });
    await bench.register({ repository, commit: id, branch: 'main' });
    const run = (await bench.runs(repository)).find(({ info }) => info.run_name?.includes(id.slice(0, 12)));
    const names = (run?.inputs?.dataset_inputs ?? []).map(({ dataset }) => dataset.name);
    return { id, run, names: names.map((name) => name.slice(repository.length + 1)).sort() };
  }

  test('each dataset has one name in all commits that change it, whatever part of it they change', async () => {
    const repository = await newRepository(lakefs);
    const bench = newBench(lakefs, mlflow);
    const first = await register(bench, repository, [
      ...['flowers/train/rose/1.jpg', 'flowers/train/tulip/1.jpg', 'flowers/val/rose/2.jpg'],
      ...['lake/orders/metadata/v1.metadata.json', 'lake/orders/data/0.parquet'],
      ...['era5/x/zarr.json', 'era5/x/t2m/zarr.json', 'era5/x/t2m/c/0/0'],
    ]);
    expect(first.names).toEqual(['era5/x', 'flowers', 'lake/orders']);
    for (const [path, name] of [
      ['lake/orders/data/1.parquet', 'lake/orders'],
      ['flowers/train/rose/3.jpg', 'flowers'],
      ['era5/x/t2m/c/0/1', 'era5/x'],
    ] as const) {
      expect((await register(bench, repository, [path])).names).toEqual([name]);
    }
    expect((await register(bench, repository, ['README.md'])).names).toEqual([]);
  });

  test('25 tables in one commit are 25 candidates', async () => {
    const repository = await newRepository(lakefs);
    const tables = Array.from({ length: 25 }, (_, index) => `silver/t${String(index).padStart(2, '0')}`);
    const objects = tables.flatMap((table) => [`${table}/_delta_log/0.json`, `${table}/0.parquet`]);
    expect((await register(newBench(lakefs, mlflow), repository, objects)).names).toEqual(tables);
  });

  test('a candidate that an earlier release named otherwise stays beside the new one', async () => {
    const repository = await newRepository(lakefs);
    const bench = newBench(lakefs, mlflow);
    const { id, run } = await register(bench, repository, [
      'orders/metadata/v1.metadata.json',
      'orders/data/0.parquet',
    ]);
    const dataset = {
      ...{ name: `${repository}/orders/data`, digest: id.slice(0, 12), source_type: 's3' },
      ...{ source: `{"uri":"s3://${repository}/${id}/orders/data/"}`, profile: '{}' },
    };
    const tags = [{ key: 'mlflow.data.context', value: 'candidate' }];
    await mlflow.runs.logInputs(run?.info.run_id ?? '', [{ dataset, tags }]);
    await bench.register({ repository, commit: id });
    const [again, ...others] = await bench.runs(repository);
    expect(others).toEqual([]);
    const names = (again?.inputs?.dataset_inputs ?? []).map((input) => input.dataset.name);
    expect(names.sort()).toEqual([`${repository}/orders`, `${repository}/orders/data`]);
  });
});
