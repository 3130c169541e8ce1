import { expect, test } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { realServers } from '../../support/servers/real-servers.js';

const { mlflow, mlflowOlder } = realServers();
const servers = [mlflow, ...(mlflowOlder === null ? [] : [mlflowOlder])];

test.each(servers)(
  'MLflow $version says by GraphQL which run is the second of a search, and when it started',
  async ({ url }) => {
    const { experiments, runs, firstRunInfo } = createMlflowClients(url);
    const experiment = await experiments.createExperiment(`first-run-${Date.now()}`);
    await runs.createRun(experiment, 'first', 1_000);
    const second = await runs.createRun(experiment, 'second', 2_000);
    const token = Buffer.from(JSON.stringify({ offset: 1 })).toString('base64');
    const order = ['attributes.start_time ASC'];
    const search = { experimentIds: [experiment], filter: '', view: 'ACTIVE_ONLY', order, token } as const;
    expect(await firstRunInfo(search, { whole: false })).toMatchObject({
      run_id: second.info.run_id,
      experiment_id: experiment,
      run_name: 'second',
      status: 'RUNNING',
      start_time: 2_000,
      lifecycle_stage: 'active',
    });
  },
);
