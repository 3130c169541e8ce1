import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';
import { loadSettings } from '../../../src/config/load.js';
import { clientFor, commitObject, type LakefsUnderTest, newRepository } from '../lakefs/lakefs.js';
import { type DataFolder, newDataFolder } from '../queue/data-folder.js';
import { waitFor } from '../servers/process.js';
import { realServers } from '../servers/real-servers.js';
import { bridgeEnv, catalogRuns, patientClients, tagsOf } from './bridge.js';
import { type CliResult, runCli } from './cli.js';
import { type RunningProcess, startServe } from './service.js';

/** Where a service finds its servers, if not at the usual addresses. */
export interface Addresses {
  readonly lakefs?: string;
  readonly mlflow?: string;
}

/** A service and the commands beside it, with a repository, a catalog and a folder that are new for each test. */
export interface Operated {
  /** A test may go on with another one, whose name begins with this. */
  repository: string;
  readonly catalog: string;
  readonly folder: DataFolder;
  /** The service looks at its start, and when a command asks; at no other time. */
  serve(addresses?: Addresses): Promise<RunningProcess>;
  cli(...argv: string[]): Promise<CliResult>;
  /** Commits one object to `main`; the answer is the commit's id. */
  commit(name: string): Promise<string>;
  /** The commits of the repository that are registered. */
  registered(): Promise<readonly string[]>;
  /** Waits until these commits are registered. */
  holds(...commits: string[]): Promise<void>;
}

/** Call it inside a `describe`. */
export function operatedBeside(lakefs: LakefsUnderTest, prefix: string): Operated {
  const { mlflow } = realServers();
  const clients = patientClients(mlflow.url);
  const client = clientFor(lakefs);
  let repository: string;
  let first: string;
  let catalog: string;
  let folder: DataFolder;
  let services: RunningProcess[];

  beforeEach(async () => {
    repository = await newRepository(client, prefix);
    first = repository;
    catalog = `catalog-${randomBytes(6).toString('hex')}`;
    folder = await newDataFolder();
    services = [];
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.process.stop()));
    folder.remove();
  });

  const env = (addresses: Addresses = {}): Record<string, string> => ({
    ...bridgeEnv({
      lakefs: { ...lakefs, endpoint: addresses.lakefs ?? lakefs.endpoint },
      ...{ mlflowUrl: addresses.mlflow ?? mlflow.url, queueUrl: 'embedded', dataDir: folder.path },
      ...{ catalog, repositories: `${first}*`, experiments: 'none' },
    }),
    LAKEFS_MLFLOW_RECONCILE_INTERVAL: '1h',
    HOME: folder.path,
  });

  async function registered(): Promise<readonly string[]> {
    return (await catalogRuns(clients, catalog, repository))
      .filter(({ info }) => info.lifecycle_stage === 'active' && info.status === 'FINISHED')
      .map((run) => tagsOf(run).lakefs_commit ?? '');
  }

  return {
    get repository() {
      return repository;
    },
    set repository(next) {
      repository = next;
    },
    get catalog() {
      return catalog;
    },
    get folder() {
      return folder;
    },
    async serve(addresses) {
      const service = await startServe(env(addresses));
      services.push(service);
      return service;
    },
    cli: (...argv) =>
      runCli(argv, {
        loadSettings: async (need) =>
          loadSettings(env(), (path) => readFileSync(path, 'utf8'), need === undefined ? {} : { need }),
      }),
    commit: (name) => commitObject(client, repository, 'main', `gold/${name}.csv`, name),
    registered,
    async holds(...commits) {
      await waitFor(
        'the commits',
        async () => {
          const there = await registered();
          return commits.every((id) => there.includes(id));
        },
        60_000,
      );
    },
  };
}
