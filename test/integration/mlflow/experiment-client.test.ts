import { describe, expect, test } from 'vitest';
import { ApiError, ExperimentClient, isAlreadyExists, isNotFound } from '../../../src/mlflow/index.js';
import { byKey, pairs, releases, unique } from '../../support/mlflow/values.js';

describe.each(releases())('MLflow $version:', ({ url }) => {
  const client = new ExperimentClient(url);

  test('createExperiment returns the id, and getExperiment the experiment', async () => {
    const name = unique('exp');
    const id = await client.createExperiment(name, undefined, pairs({ a: '1' }));
    expect(id).toMatch(/^\d+$/);
    const experiment = await client.getExperiment(id);
    expect(experiment).toMatchObject({ experiment_id: id, name, lifecycle_stage: 'active' });
    expect(byKey(experiment.tags)).toMatchObject({ a: '1' });
  });

  test('createExperiment of a name that is taken, even by a deleted experiment, is recognised', async () => {
    const name = unique('exp');
    const id = await client.createExperiment(name);
    const taken: unknown = await client.createExperiment(name).catch((error: unknown) => error);
    expect(isAlreadyExists(taken)).toBe(true);
    await client.deleteExperiment(id);
    const deleted: unknown = await client.createExperiment(name).catch((error: unknown) => error);
    expect(isAlreadyExists(deleted)).toBe(true);
  });

  test('createExperiment without a name throws the ApiError of the server', async () => {
    const missing = undefined as unknown as string;
    const error: unknown = await client.createExperiment(missing).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ statusCode: 400, error_code: 'INVALID_PARAMETER_VALUE' });
    expect((error as Error).message).toContain('Error creating experiment from tracking server');
  });

  test('searchExperiment returns a page with the token of the next', async () => {
    const prefix = unique('search');
    for (const n of [1, 2, 3]) await client.createExperiment(`${prefix}-${n}`);
    const filter = `name LIKE '${prefix}%'`;
    const first = await client.searchExperiment(filter, 2, undefined, ['name ASC']);
    expect(first.experiments?.map(({ name }) => name)).toEqual([`${prefix}-1`, `${prefix}-2`]);
    const second = await client.searchExperiment(filter, 2, first.next_page_token, ['name ASC'], 'ALL');
    expect(second.experiments?.map(({ name }) => name)).toEqual([`${prefix}-3`]);
    expect(await client.searchExperiment("name = 'nobody has this'", 5)).toEqual({});
  });

  test('getExperimentByName finds deleted experiments too, and says which is not there', async () => {
    const name = `${unique('by')}/päth & more`;
    const id = await client.createExperiment(name);
    await client.deleteExperiment(id);
    expect(await client.getExperimentByName(name)).toMatchObject({
      experiment_id: id,
      lifecycle_stage: 'deleted',
    });
    const error: unknown = await client.getExperimentByName(unique('no')).catch((reason: unknown) => reason);
    expect(isNotFound(error)).toBe(true);
  });

  test('restoreExperiment undoes deleteExperiment', async () => {
    const id = await client.createExperiment(unique('exp'));
    expect(await client.deleteExperiment(id)).toBeUndefined();
    expect((await client.getExperiment(id)).lifecycle_stage).toBe('deleted');
    expect(await client.restoreExperiment(id)).toBeUndefined();
    expect((await client.getExperiment(id)).lifecycle_stage).toBe('active');
    await expect(client.deleteExperiment('987654321')).rejects.toThrow(ApiError);
  });

  test('updateExperiment renames', async () => {
    const id = await client.createExperiment(unique('exp'));
    const name = unique('renamed');
    expect(await client.updateExperiment(id, name)).toBeUndefined();
    expect((await client.getExperiment(id)).name).toBe(name);
  });

  test('setExperimentTag sets and overwrites', async () => {
    const id = await client.createExperiment(unique('exp'));
    await client.setExperimentTag(id, 'lakefs.kind', 'other');
    expect(await client.setExperimentTag(id, 'lakefs.kind', 'catalog')).toBeUndefined();
    expect(byKey((await client.getExperiment(id)).tags)).toMatchObject({ 'lakefs.kind': 'catalog' });
  });
});
