import { randomBytes } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import express, { type Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerRoutes } from '../../src/api/answers.js';
import { createApiRouter } from '../../src/api/router.js';
import { connectServers } from '../../src/connect.js';
import { createRuntime } from '../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { realServers } from '../support/servers/real-servers.js';
import { installationFor } from '../support/service/settings.js';
import { silentLog } from '../support/silent-log.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();
const open = {
  addressOf: () => '127.0.0.1',
  log: silentLog,
};

describe.each(servers)('/api/v1 about data of a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const { runs, models, versions, experiments } = createRuntime(lakefs, mlflow.url).mlflow;
  const name = `api-${randomBytes(4).toString('hex')}`;
  const ids: Record<string, string> = {};
  let repo = '';
  let first = '';
  let second = '';
  let api: Express;
  const routes = answerRoutes({
    servers: connectServers([installationFor(lakefs, mlflow.url)], 'person'),
    now: Date.now,
  });

  beforeAll(async () => {
    repo = await newRepository(client);
    first = await commitObject(client, repo, 'main', 'gold/train.csv', 'id\n1\n');
    second = await commitObject(client, repo, 'main', 'gold/train.csv', 'id\n2\n');
    const experiment = await experiments.createExperiment(name);
    for (const [label, commit] of Object.entries({ old: first, new: second, silent: undefined })) {
      const tags =
        commit === undefined
          ? []
          : [
              { key: 'lakefs_repo', value: repo },
              { key: 'lakefs_commit', value: commit },
            ];
      const { info } = await runs.createRun(experiment, label, Date.now(), tags);
      await runs.updateRun(info.run_id, 'FINISHED', Date.now());
      ids[label] = info.run_id;
    }
    await models.createRegisteredModel(name);
    await versions.createModelVersion(name, 's3://models/x', ids.new);
    await models.setRegisteredModelAlias(name, 'champion', '1');
    api = express().use(
      '/api/v1',
      createApiRouter(routes, {
        viewerOf: () => ({ name: 'someone', role: 'viewer', by: 'password' }),
        ...open,
      }),
    );
  });
  afterAll(() => lakefs.stop());

  const ajv = new Ajv2020({ allErrors: true });

  /** Asks, and holds the answer against the schema that the description has for it. */
  async function ask(path: string, query: Record<string, string>) {
    const { status, body } = await request(api).get(`/api/v1${path}`).query(query);
    expect({ status, detail: body.detail }).toEqual({ status: 200, detail: undefined });
    const route = routes.find((one) => one.path === path)!;
    const fits = ajv.validate(route.answers[200]!.schema, body);
    expect({ fits, errors: ajv.errorsText(ajv.errors) }).toEqual({ fits: true, errors: 'No errors' });
    return body;
  }

  test('lineage of a run, a model and a run without known data', async () => {
    expect(await ask('/lineage', { what: ids.old! })).toMatchObject({
      kind: 'run',
      links: [{ repository: repo, commit: first, kind: 'declared', certain: true }],
    });
    expect(await ask('/lineage', { what: `models:/${name}@champion` })).toMatchObject({
      model: { name, version: '1', aliases: ['champion'] },
      links: [{ commit: second }],
    });
    expect(await ask('/lineage', { what: ids.silent! })).toMatchObject({ known: false, links: [] });
  });

  test('lineage of a commit and of a path', async () => {
    expect(await ask('/lineage', { what: `${repo}/${first}`, scan: '500' })).toMatchObject({
      kind: 'commit',
      readers: [{ run: { id: ids.old } }],
    });
    const path = await ask('/lineage', { what: `${repo}/main/gold`, scan: '500', limit: '10' });
    expect(path.versions.map(({ commit }: { commit: string }) => commit)).toEqual([second, first]);
  });

  test('impact of a commit, with the model that has an alias', async () => {
    expect(await ask('/impact', { what: `${repo}/${second}`, scan: '500' })).toMatchObject({
      hits: [{ run: { id: ids.new }, versions: [{ name, aliases: ['champion'] }] }],
    });
  });

  test('compare of two runs that read different data, and of one with itself', async () => {
    expect(await ask('/compare', { first: ids.old!, second: ids.new! })).toMatchObject({ outcome: 'differ' });
    expect(await ask('/compare', { first: ids.old!, second: ids.old! })).toMatchObject({ outcome: 'same' });
    expect(await ask('/compare', { first: ids.old!, second: ids.silent! })).toMatchObject({
      outcome: 'unknown',
    });
  });

  test('coverage of an experiment', async () => {
    expect(await ask('/coverage', { what: name })).toMatchObject({
      runs: 3,
      covered: 2,
      evidence: { declared: 2, nothing: 1 },
    });
  });

  test('check of a model, and verify of an experiment', async () => {
    expect(
      await ask('/check', { what: `models:/${name}@champion`, require: 'declared,promoted' }),
    ).toMatchObject({
      passed: true,
    });
    expect(await ask('/check', { what: ids.silent!, require: 'known' })).toMatchObject({ passed: false });
    expect(await ask('/verify', { what: name })).toMatchObject({ runs: 3, differ: 2, agree: false });
  });

  test.each([
    ['/lineage', {}, 400, /"what" is missing/],
    ['/lineage', { what: '' }, 400, /"what"/],
    ['/lineage', { what: 'f'.repeat(32) }, 404, /has no run/i],
    ['/lineage', { what: 'models:/no-such-model/1' }, 404, /no registered model/],
    ['/lineage', { what: 'no-such-repository/main' }, 404, /no-such-repository/],
    ['/lineage', { what: 'a b/c' }, 400, /./],
    ['/impact', { what: 'f'.repeat(32) }, 400, /needs data/],
    ['/coverage', { what: 'no such experiment' }, 404, /no such experiment/],
    ['/coverage', { since: 'soon' }, 400, /is not a time/],
    ['/coverage', { limit: '-1' }, 400, /"limit"/],
    ['/check', { what: 'x', require: 'good' }, 400, /good/],
    ['/compare', { first: 'x' }, 400, /"second" is missing/],
    ['/verify', { what: 'x', installation: 'other' }, 404, /no installation "other"/],
  ])('%s %o is answered with a problem that says what to do', async (path, query, status, detail) => {
    const answer = await request(api).get(`/api/v1${path}`).query(query);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    expect(JSON.parse(answer.text).detail).toMatch(detail);
  });
});

test('a server that is down is a problem of its own, without its inner text', async () => {
  const gone = { endpoint: 'http://127.0.0.1:9', accessKeyId: 'a', secretAccessKey: 'canary' };
  const routes = answerRoutes({
    servers: connectServers([installationFor(gone, 'http://127.0.0.1:9')], 'person'),
    now: Date.now,
  });
  const api = express().use(
    createApiRouter(routes, { viewerOf: () => ({ name: 'x', role: 'viewer', by: 'password' }), ...open }),
  );
  const answer = await request(api)
    .get('/lineage')
    .query({ what: 'f'.repeat(32) });
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
  expect(answer.text).not.toContain('canary');
});
