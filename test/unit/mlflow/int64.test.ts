import { afterAll, expect, test } from 'vitest';
import { createInstallations } from '../../../src/config/installations.js';
import { proposeTags } from '../../../src/facts/links/propose.js';
import { createServerFacts } from '../../../src/facts/links/server.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { startSandbox } from '../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../support/lakefs/lakefs.js';
import { scripted } from '../../support/servers/scripted-server.js';
import { installationFor } from '../../support/service/settings.js';

const made = 1_700_000_000_000;
let seconds = 0;
const now = () => made + seconds * 1_000;
const sandbox = await startSandbox({ env: {}, now });
const lakefs = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

/** What MLflow declares as int64 and we read. */
const fields = new Set([
  ...['start_time', 'end_time', 'timestamp', 'step', 'file_size', 'creation_time', 'last_update_time'],
  ...['creation_timestamp', 'last_updated_timestamp'],
]);

function withTexts(answer: unknown): string {
  return JSON.stringify(answer, (key, value) => (fields.has(key) ? String(value) : value));
}

const run = {
  info: { run_id: 'r', experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active', start_time: made },
  data: { metrics: [{ key: 'loss', value: 0.5, timestamp: made, step: 3 }] },
};
run.info = { ...run.info, end_time: made + 1 } as never;
const experiment = { experiment_id: '1', name: 'x', lifecycle_stage: 'active', creation_time: made };
const version = { name: 'm', version: '1', creation_timestamp: made, last_updated_timestamp: made + 1 };
const model = { name: 'm', creation_timestamp: made, latest_versions: [version] };
const file = { path: 'a', is_dir: false, file_size: 5 };

type Clients = ReturnType<typeof createMlflowClients>;

test.each<[string, object, (mlflow: Clients) => Promise<unknown>]>([
  ['a run', { run }, (mlflow) => mlflow.runs.getRun('r')],
  ['a page of runs', { runs: [run] }, (mlflow) => mlflow.runs.searchRuns(['1'])],
  ['an update', { run_info: run.info }, (mlflow) => mlflow.runs.updateRun('r', 'FINISHED')],
  ['a metric', { metrics: run.data.metrics }, (mlflow) => mlflow.runs.getMetricHistory('r', 'loss', '', 1)],
  ['artifacts', { files: [file] }, (mlflow) => mlflow.runs.listArtifacts('r')],
  ['an experiment', { experiment }, (mlflow) => mlflow.experiments.getExperiment('1')],
  ['experiments', { experiments: [experiment] }, (mlflow) => mlflow.experiments.searchExperiment('', 9)],
  ['a model', { registered_model: model }, (mlflow) => mlflow.models.getRegisteredModel('m')],
  ['a version', { model_version: version }, (mlflow) => mlflow.versions.getModelVersion('m', '1')],
  ['versions', { model_versions: [version] }, (mlflow) => mlflow.versions.searchModelVersionsPage()],
])('int64 as text, of %s, is a number as in MLflow’s own answers', async (_what, answer, call) => {
  const read = async (body: string) => call(createMlflowClients((await scripted({ status: 200, body })).url));
  expect(await read(withTexts(answer))).toEqual(await read(JSON.stringify(answer)));
});

test('a time that is no number is not known', async () => {
  const odd = { run: { ...run, info: { ...run.info, start_time: 'yesterday' } } };
  const { url } = await scripted({ status: 200, body: JSON.stringify(odd) });
  expect((await createMlflowClients(url).runs.getRun('r')).info.start_time).toBeUndefined();
});

test('runs whose times are texts are judged as those whose times are numbers', async () => {
  seconds = 0;
  const repository = await newRepository(lakefs);
  seconds = 100;
  const commit = await commitObject(lakefs, repository, 'main', 'gold/x.csv', '1');
  await lakefs.createTag(repository, { id: 'v1', ref: commit });
  seconds = 200;
  await commitObject(lakefs, repository, 'main', 'gold/x.csv', '2');
  const runFrom = (id: string, start: number, ref: string, digest: string) => ({
    info: {
      ...{ run_id: id, experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' },
      ...{ start_time: start, end_time: start === 0 ? 0 : start + 10_000 },
    },
    data: {},
    inputs: {
      dataset_inputs: [
        {
          dataset: {
            ...{ name: 'features', digest, source_type: 's3' },
            source: JSON.stringify({ uri: `s3://${repository}/${ref}/gold/x.csv` }),
          },
        },
      ],
    },
  });
  const runs = [
    runFrom('first', made + 300_000, commit, 'e24a8c4a'),
    runFrom('second', made + 400_000, commit, 'e24a8c4a'),
    runFrom('by tag', made + 300_000, 'v1', 'e24a8c4b'),
    runFrom('by branch', made + 300_000, 'main', 'e24a8c4c'),
    runFrom('branch at the change', made + 195_000, 'main', 'e24a8c4d'),
    runFrom('tag, no start', 0, 'v1', 'e24a8c4e'),
    runFrom('branch, no start', 0, 'main', 'e24a8c4f'),
  ];
  seconds = 500;
  const linksWith = async (toText: (answer: unknown) => string) => {
    const { url } = await scripted((seen, response) => {
      const answer = seen.url.includes('experiments')
        ? { experiments: [experiment] }
        : { runs: runs.filter(({ inputs }) => isAsked(inputs.dataset_inputs[0]?.dataset.digest, seen.body)) };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(seen.url.endsWith('/version') ? '3.17.2' : toText(answer));
    });
    const mlflow = createMlflowClients(url);
    const settings = installationFor(sandbox, url);
    const facts = createServerFacts(
      { name: 'default', mlflow, installations: createInstallations([{ settings, lakefs }]) },
      now,
    );
    const found = await mlflow.runs.searchRuns(['1']);
    const proposals = await Promise.all((found.runs ?? []).map((one) => proposeTags(one, facts)));
    return proposals.map((one) => (one.kind === 'tags' ? one.examination.links : one.reason));
  };
  const isAsked = (digest = '', body: string): boolean => !body.includes('digest') || body.includes(digest);
  const byNumbers = await linksWith(JSON.stringify);
  expect(byNumbers[0]).toMatchObject([{ kind: 'exact', certain: true }]);
  expect(byNumbers[1]).toMatchObject([{ kind: 'likely', certain: false }]);
  expect(byNumbers[5]).toMatchObject([{ kind: 'resolved', certain: false }]);
  expect(await linksWith(withTexts)).toEqual(byNumbers);
});
