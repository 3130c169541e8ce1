import { describe, expect, test } from 'vitest';
import {
  ApiError,
  allModelVersions,
  isAlreadyExists,
  isNotFound,
  ModelRegistryClient,
  ModelVersionClient,
  RunClient,
} from '../../../src/mlflow/index.js';
import { byKey, pairs, releases, unique } from '../../support/mlflow/values.js';

describe.each(releases())('MLflow $version:', ({ url }) => {
  const models = new ModelRegistryClient(url);
  const versions = new ModelVersionClient(url);

  async function newModel(): Promise<string> {
    return (await models.createRegisteredModel(unique('model'))).name;
  }

  async function newVersion(): Promise<{ name: string; version: string }> {
    return versions.createModelVersion(await newModel(), 's3://bucket/model');
  }

  describe('a registered model', () => {
    test('createRegisteredModel returns it, and getRegisteredModel finds it', async () => {
      const name = unique('model');
      const created = await models.createRegisteredModel(name, pairs({ a: '1' }), 'said');
      expect(created).toMatchObject({ name, description: 'said', tags: pairs({ a: '1' }) });
      expect(await models.getRegisteredModel(name)).toMatchObject({ name, description: 'said' });
    });

    test('createRegisteredModel of a name that is taken is recognised', async () => {
      const name = await newModel();
      const error: unknown = await models.createRegisteredModel(name).catch((reason: unknown) => reason);
      expect(isAlreadyExists(error)).toBe(true);
      expect((error as Error).message).toContain('already exists');
    });

    test('getRegisteredModel says where there is none', async () => {
      const error: unknown = await models.getRegisteredModel(unique('no')).catch((reason: unknown) => reason);
      expect(isNotFound(error)).toBe(true);
      expect((error as Error).message).toContain('not found');
    });

    test('renameRegisteredModel returns it under the new name', async () => {
      const [name, newName] = [await newModel(), unique('renamed')];
      expect(await models.renameRegisteredModel(name, newName)).toMatchObject({ name: newName });
      await expect(models.getRegisteredModel(name)).rejects.toThrow('not found');
    });

    test('updateRegisteredModel changes the description', async () => {
      const name = await newModel();
      expect(await models.updateRegisteredModel(name, 'new')).toMatchObject({ name, description: 'new' });
    });

    test('deleteRegisteredModel removes it', async () => {
      const name = await newModel();
      expect(await models.deleteRegisteredModel(name)).toBeUndefined();
      await expect(models.getRegisteredModel(name)).rejects.toThrow(ApiError);
    });

    test('getLatestModelVersions returns the newest version, and an empty list where there is none', async () => {
      const name = await newModel();
      expect(await models.getLatestModelVersions(name)).toEqual([]);
      for (const n of [1, 2]) await versions.createModelVersion(name, `s3://bucket/${n}`);
      const latest = await models.getLatestModelVersions(name, ['None']);
      expect(latest).toMatchObject([{ name, version: '2' }]);
    });

    test('searchRegisteredModels filters, sorts by several columns, and pages', async () => {
      const prefix = unique('search');
      for (const n of [1, 2, 3]) await models.createRegisteredModel(`${prefix}-${n}`);
      const filter = `name LIKE '${prefix}%'`;
      const order = ['name DESC', 'last_updated_timestamp ASC'];
      const first = await models.searchRegisteredModels(filter, 2, order);
      expect(first.registered_models?.map(({ name }) => name)).toEqual([`${prefix}-3`, `${prefix}-2`]);
      const second = await models.searchRegisteredModels(filter, 2, order, first.next_page_token);
      expect(second.registered_models?.map(({ name }) => name)).toEqual([`${prefix}-1`]);
      expect(await models.searchRegisteredModels("name = 'nobody has this'")).toEqual({});
    });

    test('setRegisteredModelTag and deleteRegisteredModelTag set and remove', async () => {
      const name = await newModel();
      expect(await models.setRegisteredModelTag(name, 'k', 'v')).toBeUndefined();
      expect(byKey((await models.getRegisteredModel(name)).tags)).toEqual({ k: 'v' });
      expect(await models.deleteRegisteredModelTag(name, 'k')).toBeUndefined();
      expect((await models.getRegisteredModel(name)).tags ?? []).toEqual([]);
    });

    test('aliases are set, moved, looked up and deleted', async () => {
      const name = await newModel();
      for (const n of [1, 2]) await versions.createModelVersion(name, `s3://bucket/${n}`);
      expect(await models.setRegisteredModelAlias(name, 'champion', '1')).toBeUndefined();
      expect((await models.getModelVersionByAlias(name, 'champion')).version).toBe('1');
      await models.setRegisteredModelAlias(name, 'champion', '2');
      expect((await models.getModelVersionByAlias(name, 'champion')).version).toBe('2');
      expect(await models.deleteRegisteredModelAlias(name, 'champion')).toBeUndefined();
      await expect(models.getModelVersionByAlias(name, 'champion')).rejects.toMatchObject({
        status: 400,
        error_code: 'INVALID_PARAMETER_VALUE',
      });
    });
  });

  describe('a model version', () => {
    test('createModelVersion returns it with all that was given', async () => {
      const run = await new RunClient(url).createRun('0');
      const name = await newModel();
      const { run_id } = run.info;
      const link = 'http://elsewhere/run';
      const made = await versions.createModelVersion(
        name,
        's3://b/m',
        run_id,
        pairs({ a: '1' }),
        link,
        'said',
      );
      expect(made).toMatchObject({ name, version: '1', source: 's3://b/m', run_id, description: 'said' });
      expect(await versions.getModelVersion(name, '1')).toMatchObject({
        run_link: link,
        tags: pairs({ a: '1' }),
      });
    });

    test('getModelVersion says where there is none', async () => {
      const error: unknown = await versions
        .getModelVersion(await newModel(), '7')
        .catch((reason: unknown) => reason);
      expect(isNotFound(error)).toBe(true);
    });

    test('updateModelVersion changes the description', async () => {
      const { name, version } = await newVersion();
      expect(await versions.updateModelVersion(name, version, 'new')).toMatchObject({ description: 'new' });
    });

    test('searchModelVersions returns a list, and its page the token of the next', async () => {
      const name = await newModel();
      for (const n of [1, 2, 3]) await versions.createModelVersion(name, `s3://bucket/${n}`);
      const filter = `name = '${name}'`;
      const order = ['version_number ASC'];
      const first = await versions.searchModelVersionsPage(filter, 2, order);
      expect(first.model_versions?.map(({ version }) => version)).toEqual(['1', '2']);
      const second = await versions.searchModelVersions(filter, 2, order, first.next_page_token);
      expect(second.map(({ version }) => version)).toEqual(['3']);
      expect(await versions.searchModelVersions("name = 'nobody has this'")).toEqual([]);
      const all: string[] = [];
      for await (const { version } of allModelVersions(versions, filter)) all.push(version);
      expect(all.sort()).toEqual(['1', '2', '3']);
    });

    test('getDownloadUriForModelVersionArtifacts returns the source', async () => {
      const { name, version } = await newVersion();
      expect(await versions.getDownloadUriForModelVersionArtifacts(name, version)).toBe('s3://bucket/model');
    });

    test('transitionModelVersionStage returns it in the new stage', async () => {
      const { name, version } = await newVersion();
      const moved = await versions.transitionModelVersionStage(name, version, 'Production', true);
      expect(moved).toMatchObject({ version, current_stage: 'Production' });
    });

    test('setModelVersionTag and deleteModelVersionTag set and remove', async () => {
      const { name, version } = await newVersion();
      expect(await versions.setModelVersionTag(name, version, 'lakefs_commit', 'c')).toBeUndefined();
      expect(byKey((await versions.getModelVersion(name, version)).tags)).toEqual({ lakefs_commit: 'c' });
      expect(await versions.deleteModelVersionTag(name, version, 'lakefs_commit')).toBeUndefined();
      expect((await versions.getModelVersion(name, version)).tags ?? []).toEqual([]);
    });

    test('deleteModelVersion removes it', async () => {
      const { name, version } = await newVersion();
      expect(await versions.deleteModelVersion(name, version)).toBeUndefined();
      await expect(versions.getModelVersion(name, version)).rejects.toThrow(ApiError);
    });
  });
});
