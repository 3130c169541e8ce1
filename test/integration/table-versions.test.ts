import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { LakefsClient } from '../../src/lakefs/types.js';
import type { Run } from '../../src/mlflow/types.js';
import { clientFor, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { linksOf, makeRun, proposer } from '../support/runs/propose.js';

const certain = { kind: 'resolved', certain: true };
const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

/** The corpus has more of these, on the sandbox only: it sets its clock. Here all happens when it happens. */
describe.each(servers)(
  'tables that a run names by a branch with their version, in $kind lakeFS',
  (server) => {
    const lakefs: LakefsClient = clientFor(server);
    const propose = proposer(server, lakefs);
    let repository = '';
    beforeEach(async () => {
      repository = await newRepository(lakefs, 'versions');
    });

    async function commit(branch: string, files: Readonly<Record<string, string | null>>): Promise<string> {
      for (const [path, content] of Object.entries(files)) {
        if (content === null) await lakefs.deleteObject(repository, branch, path);
        else await lakefs.uploadObject(repository, branch, path, content);
      }
      return (await lakefs.commit(repository, branch, { message: 'test' })).id;
    }

    const log = (version: number): string => `gold/t/_delta_log/${String(version).padStart(20, '0')}.json`;
    const files = (version: number, writer = 'x') => ({
      [log(version)]: `{"commitInfo":{"txnId":"${writer}${version}"}}`,
      [`gold/t/part-${writer}${version}.parquet`]: `${writer}${version}`,
    });

    /** A run that begins now and ends at once. */
    function reading(params: Readonly<Record<string, string>>): Run {
      const run = makeRun('run1', { params: { data: `s3://${repository}/main/gold/t`, ...params } });
      const at = Date.now() + 1_000;
      return { ...run, info: { ...run.info, start_time: at, end_time: at } };
    }

    const read = async (run: Run) => linksOf(await propose(run));

    test('the branch moved on, and the record of the version was cleaned up: the first commit that held it', async () => {
      await commit('main', files(0));
      const b = await commit('main', files(1));
      const run = reading({ delta_version: '1' });
      await commit('main', { ...files(2), [log(1)]: null });
      expect(await read(run)).toMatchObject([
        { ...certain, commit: b, path: 'gold/t', flags: ['delta version 1'] },
      ]);
    });

    test('the version came by a merge and by a squash merge: the commit by which the branch got it', async () => {
      await commit('main', files(0));
      await lakefs.createBranch(repository, { name: 'exp', source: 'main' });
      await commit('exp', files(1));
      const merged = await lakefs.merge(repository, 'exp', 'main');
      await commit('exp', files(2));
      const squashed = await lakefs.merge(repository, 'exp', 'main', { squash_merge: true });
      expect(await read(reading({ delta_version: '1' }))).toMatchObject([
        { ...certain, commit: merged, path: 'gold/t' },
      ]);
      expect(await read(reading({ delta_version: '2' }))).toMatchObject([
        { ...certain, commit: squashed, path: 'gold/t' },
      ]);
    });

    test('a recreated table has two versions with one number: which one was read is not claimed', async () => {
      await commit('main', { ...files(0), ...files(1) });
      await commit('main', { ...files(0, 'y'), ...files(1, 'y') });
      const [link] = linksOf(await propose(reading({ delta_version: '1' })));
      expect(link).toMatchObject({ certain: false });
      expect(link?.kind).not.toBe('resolved');
    });

    test('a snapshot of Iceberg, and a metadata file of an older one', async () => {
      const uuid = '5d0f2a2e-7a53-4d0c-9f35-0c9b7e0f1a11';
      const metadata = (version: number): string => `lake/o/metadata/0000${version}-${uuid}.metadata.json`;
      const a = await commit('main', {
        [metadata(0)]: '0',
        [`lake/o/metadata/snap-3051729675574597004-0-${uuid}.avro`]: '0',
      });
      await commit('main', {
        [metadata(1)]: '1',
        [`lake/o/metadata/snap-8924571099214534210-0-${uuid}.avro`]: '1',
      });
      const table = `s3://${repository}/main/lake/o`;
      const bySnapshot = reading({ data: table, snapshot_id: '3051729675574597004' });
      expect(await read(bySnapshot)).toMatchObject([{ ...certain, commit: a, path: 'lake/o' }]);
      const byFile = reading({ data: `s3://${repository}/main/${metadata(0)}` });
      expect(await read(byFile)).toMatchObject([{ ...certain, commit: a, path: 'lake/o' }]);
    });
  },
);
