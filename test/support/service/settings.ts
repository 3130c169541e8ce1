import type { Installation, Settings } from '../../../src/config/types.js';
import { wildKeys } from '../../../src/contract/tags.js';
import { usualOutputWords } from '../../../src/domain/references/reference-rules.js';

export interface LakefsAddress {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An address at which nothing answers. */
export const noLakefs: LakefsAddress = {
  endpoint: 'http://127.0.0.1:9',
  accessKeyId: '',
  secretAccessKey: '',
};

export function installationFor(
  { endpoint, accessKeyId, secretAccessKey }: LakefsAddress,
  mlflowUrl = 'http://127.0.0.1:5000',
  parts: Partial<Installation> = {},
): Installation {
  return {
    name: 'default',
    lakefs: { endpoint, accessKeyId, secretAccessKey, publicUrl: endpoint, hosts: [], s3Domains: [] },
    mlflow: {
      trackingUri: mlflowUrl,
      publicUrl: mlflowUrl,
      connections: 'reuse',
      maxInFlight: 8,
      timeoutMs: 60_000,
    },
    repositories: [],
    branches: ['*'],
    promotedBranches: [],
    experiments: [],
    catalog: 'lakefs',
    mode: 'write',
    tagModels: true,
    startMarginMs: 60_000,
    referenceKeys: wildKeys,
    outputWords: usualOutputWords,
    hookTokens: [],
    rules: [],
    layouts: [],
    ...parts,
  };
}

/** Settings as they come from an environment with little more than a lakeFS server in it. */
export function settingsWith(lakefs: LakefsAddress, changes: Partial<Settings> = {}): Settings {
  return {
    host: '127.0.0.1',
    port: 8321,
    publicUrl: 'http://127.0.0.1:8321',
    queueUrl: 'embedded',
    dataDir: '/nowhere',
    logLevel: 'info',
    users: [],
    trustedProxies: [],
    sweepIntervalMs: 30_000,
    reconcileIntervalMs: 60_000,
    lapIntervalMs: 86_400_000,
    concurrency: 4,
    shutdownDeadlineMs: 20_000,
    shutdownDrainMs: 0,
    installations: [installationFor(lakefs)],
    ...changes,
  };
}
