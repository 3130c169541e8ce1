import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { libraries, libraryVenv } from '../../scripts/lib/libraries.mjs';
import { venvPython } from '../../scripts/lib/venv.mjs';
import { createMlflowClients } from '../../src/mlflow/clients.js';
import type { Run } from '../../src/mlflow/types.js';
import { clientFor, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { realServers } from '../support/servers/real-servers.js';
import { type Recorded, readingOf } from './reading.js';
import { recordable } from './recordable.js';
import { tableOfLibraries } from './table.js';

const { mlflow } = realServers();
const clients = createMlflowClients(mlflow.url);
const rows = tableOfLibraries();
const execute = promisify(execFile);
const scripts = fileURLToPath(new URL('scripts', import.meta.url));
const csv = 'x,y\n0.1,0\n0.9,1\n0.2,0\n0.8,1\n';

/** The last one is recorded: a real lakeFS where there is one. */
const servers = await lakefsUnderTest();

describe.each(servers)('on $kind lakeFS', (server) => {
  const client = clientFor(server);

  test.each(libraries())('what $name logs is read as the table says', async ({ name, packages }) => {
    const python = venvPython(libraryVenv(name));
    const script = join(scripts, `with_${name.replaceAll('-', '_')}.py`);
    const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-library-'));
    const repository = await newRepository(client, 'lib');
    const experiment = await clients.experiments.createExperiment(repository);
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      LAKEFS_REPO: repository,
      LAKEFS_COMMIT: '0'.repeat(64),
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
      AWS_REGION: 'us-east-1',
      MLFLOW_TRACKING_URI: mlflow.url,
      MLFLOW_EXPERIMENT_NAME: repository,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      GIT_PYTHON_REFRESH: 'quiet',
    };
    try {
      mkdirSync(join(folder, 'lake', 'gold'), { recursive: true });
      writeFileSync(join(folder, 'lake', 'gold', 'train.csv'), csv);
      if (readFileSync(script, 'utf8').includes('"prepare"')) {
        await execute(python, ['-W', 'ignore', script, 'prepare', join(folder, 'lake')], { env });
      }
      const objects = filesUnder(join(folder, 'lake'));
      for (const path of objects) {
        await client.uploadObject(repository, 'main', path, readFileSync(join(folder, 'lake', path)));
      }
      const commit = (await client.commit(repository, 'main', { message: 'Data' })).id;
      await execute(python, ['-W', 'ignore', script], {
        cwd: folder,
        env: { ...env, LAKEFS_COMMIT: commit },
      });
      const { runs = [] } = await clients.runs.searchRuns([String(experiment)], '');
      const named = (wanted: string): Run => {
        const found = runs.find(({ data }) =>
          data?.tags?.some(({ key, value }) => key === 'mlflow.runName' && value === wanted),
        );
        if (found === undefined) throw new Error(`no run ${wanted} among ${runs.length}`);
        return found;
      };
      const [plain, line] = [named('plain'), named('line')];
      const at = { lakefs: server, client, mlflow: clients };
      if (process.env.LAKEFS_MLFLOW_RECORD === '1') {
        const recorded: Recorded = { packages, objects, plain, line };
        const file = new URL(`recorded/${name}.json`, import.meta.url);
        writeFileSync(file, recordable(recorded, { repository, commit, folder, scripts }));
      }
      expect({ plain: await readingOf(plain, at), line: await readingOf(line, at) }).toEqual(
        (({ plain, line }) => ({ plain, line }))(rows.find(({ library }) => library === name)!),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
