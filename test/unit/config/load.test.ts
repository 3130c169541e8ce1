import { describe, expect, test } from 'vitest';
import { SettingsError } from '../../../src/config/settings-error.js';
import { wildKeys } from '../../../src/contract/tags.js';
import { usualOutputWords } from '../../../src/domain/references/reference-rules.js';
import { enough, load, problemsOf } from './fixtures.js';

test('with the addresses and keys alone everything else has a default', () => {
  expect(load(enough)).toEqual({
    host: '127.0.0.1',
    port: 8321,
    publicUrl: 'http://127.0.0.1:8321',
    queueUrl: 'embedded',
    dataDir: '/home/jane/.local/share/lakefs-mlflow',
    logLevel: 'info',
    users: [],
    trustedProxies: [],
    sweepIntervalMs: 30_000,
    reconcileIntervalMs: 60_000,
    lapIntervalMs: 86_400_000,
    concurrency: 100,
    shutdownDeadlineMs: 4_000,
    shutdownDrainMs: 1_000,
    installations: [
      {
        name: 'default',
        lakefs: {
          endpoint: 'http://lakefs:8000',
          accessKeyId: 'key',
          secretAccessKey: 'secret',
          publicUrl: 'http://lakefs:8000',
          hosts: [],
          s3Domains: [],
        },
        mlflow: {
          trackingUri: 'http://mlflow:5000',
          publicUrl: 'http://mlflow:5000',
          connections: 'auto',
          maxInFlight: 4,
          timeoutMs: 30_000,
        },
        repositories: ['*'],
        branches: ['*'],
        promotedBranches: [],
        experiments: ['*'],
        catalog: 'lakefs',
        mode: 'write',
        tagModels: true,
        startMarginMs: 60_000,
        referenceKeys: [...wildKeys],
        outputWords: usualOutputWords,
        hookTokens: [],
        rules: [],
        layouts: [],
      },
    ],
  });
});

const lakefs = (env: Record<string, string>) => load({ ...enough, ...env }).installations[0]!.lakefs;
const mlflow = (env: Record<string, string>) => load({ ...enough, ...env }).installations[0]!.mlflow;

describe('the address of lakeFS', () => {
  test.each([
    ['http://lakefs:8000/api/v1', 'http://lakefs:8000'],
    ['http://lakefs:8000/api/v1/', 'http://lakefs:8000'],
    ['https://lakefs.example.com/', 'https://lakefs.example.com'],
    ['https://example.com/lakefs/api/v1', 'https://example.com/lakefs'],
  ])('%s is %s', (given, endpoint) => {
    expect(lakefs({ LAKECTL_SERVER_ENDPOINT_URL: given }).endpoint).toBe(endpoint);
  });

  const file = {
    '/home/jane/.lakectl.yaml':
      'credentials:\n  access_key_id: file-key\n  secret_access_key: file-secret\nserver:\n  endpoint_url: http://file:8000/api/v1\n',
  };

  test("comes from lakectl's own file where the environment has none", () => {
    const env = { MLFLOW_TRACKING_URI: 'http://mlflow:5000' };
    expect(load(env, file).installations[0]!.lakefs).toMatchObject({
      endpoint: 'http://file:8000',
      accessKeyId: 'file-key',
      secretAccessKey: 'file-secret',
    });
  });

  test('of the environment wins over the file', () => {
    expect(load(enough, file).installations[0]!.lakefs.endpoint).toBe('http://lakefs:8000');
  });

  test('may be missing where the file is not YAML, and that is said', () => {
    const env = { MLFLOW_TRACKING_URI: 'http://mlflow:5000' };
    expect(problemsOf(env, { '/home/jane/.lakectl.yaml': '{{' })).toHaveLength(3);
  });
});

describe('who we are to MLflow', () => {
  const basic = { MLFLOW_TRACKING_USERNAME: 'jane', MLFLOW_TRACKING_PASSWORD: 'pw' };

  test('a name with a password wins over a token', () => {
    expect(mlflow({ ...basic, MLFLOW_TRACKING_TOKEN: 't' })).toMatchObject({
      username: 'jane',
      password: 'pw',
    });
    expect(mlflow({ ...basic, MLFLOW_TRACKING_TOKEN: 't' })).not.toHaveProperty('token');
  });

  test('a token counts where the name has no password', () => {
    expect(mlflow({ MLFLOW_TRACKING_USERNAME: 'jane', MLFLOW_TRACKING_TOKEN: 't' })).toMatchObject({
      token: 't',
    });
  });

  test('credentials in the address are taken out of it', () => {
    const settings = mlflow({ MLFLOW_TRACKING_URI: 'https://ja%20ne:p%40w@mlflow.example.com/prefix/' });
    expect(settings).toMatchObject({
      trackingUri: 'https://mlflow.example.com/prefix',
      publicUrl: 'https://mlflow.example.com/prefix',
      username: 'ja ne',
      password: 'p@w',
    });
  });

  test('the workspace and the authority of its certificate are passed on', () => {
    const env = { ...enough, MLFLOW_WORKSPACE: 'team', MLFLOW_TRACKING_SERVER_CERT_PATH: '/ca.pem' };
    expect(load(env, { '/ca.pem': '-----BEGIN CERTIFICATE-----' }).installations[0]!.mlflow).toMatchObject({
      workspace: 'team',
      caFile: '/ca.pem',
    });
  });
});

describe('settings are read as', () => {
  test.each([
    ['PORT', '0', 'port', 0],
    ['HOST', '0.0.0.0', 'publicUrl', 'http://localhost:8321'],
    ['HOST', '::1', 'publicUrl', 'http://[::1]:8321'],
    ['PUBLIC_URL', 'https://lineage.example.com/x/', 'publicUrl', 'https://lineage.example.com/x'],
    ['SHUTDOWN_DEADLINE', '500ms', 'shutdownDeadlineMs', 500],
    ['HOST', '[::1]', 'publicUrl', 'http://[::1]:8321'],
    ['SWEEP_INTERVAL', '1.5m', 'sweepIntervalMs', 90_000],
    ['LAP_INTERVAL', '7d', 'lapIntervalMs', 604_800_000],
    ['QUEUE_URL', 'postgres://u:p@db/queue', 'queueUrl', 'postgres://u:p@db/queue'],
    ['DATA_DIR', '~/data', 'dataDir', '/home/jane/data'],
    ['LOG_LEVEL', 'debug', 'logLevel', 'debug'],
    ['TRUSTED_PROXIES', ' 10.0.0.7, fd00::/8 ,', 'trustedProxies', ['10.0.0.7', 'fd00::/8']],
  ])('%s=%s gives %s %j', (name, value, key, expected) => {
    expect(load({ ...enough, [`LAKEFS_MLFLOW_${name}`]: value })).toHaveProperty(key, expected);
  });

  test.each([
    ['REPOSITORIES', 'a, b-*,!b-x', 'repositories', ['a', 'b-*', '!b-x']],
    ['CATALOG', '/Shared/lakefs/', 'catalog', '/Shared/lakefs'],
    ['MODE', 'observe', 'mode', 'observe'],
    ['START_MARGIN', '0s', 'startMarginMs', 0],
    ['TAG_MODELS', 'no', 'tagModels', false],
    ['TAG_MODELS', 'TRUE', 'tagModels', true],
    ['REFERENCE_KEYS', 'repo:a, commit: b c', 'referenceKeys', ['repo:a', 'commit: b c']],
    ['OUTPUT_WORDS', 'out,save', 'outputWords', ['out', 'save']],
    ['LAKEFS_S3_DOMAINS', 's3.x.example', 'lakefs.s3Domains', ['s3.x.example']],
  ])('%s=%s gives the installation %s %j', (name, value, key, expected) => {
    expect(load({ ...enough, [`LAKEFS_MLFLOW_${name}`]: value }).installations[0]).toHaveProperty(
      key,
      expected,
    );
  });

  test('empty variables are as good as none', () => {
    expect(load({ ...enough, LAKEFS_MLFLOW_PORT: ' ', REDIS_URL: '', MLFLOW_WORKSPACE: '' })).toEqual(
      load(enough),
    );
  });

  test('QUEUE_URL wins over REDIS_URL, which wins over the default', () => {
    const redis = { ...enough, REDIS_URL: 'redis://redis' };
    expect(load(redis).queueUrl).toBe('redis://redis');
    expect(load({ ...redis, LAKEFS_MLFLOW_QUEUE_URL: 'embedded' }).queueUrl).toBe('embedded');
  });

  test('flags win over the environment', () => {
    const flags = { LAKEFS_MLFLOW_PORT: '9000', LAKEFS_MLFLOW_HOST: undefined };
    const settings = load({ ...enough, LAKEFS_MLFLOW_PORT: '80' }, {}, { flags });
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 9000 });
  });

  test('the hook tokens are the bridge token and the list, each once', () => {
    const env = { ...enough, LAKEFSACTION_BRIDGE_TOKEN: 'new', LAKEFS_MLFLOW_HOOK_TOKENS: 'old,new' };
    expect(load(env).installations[0]!.hookTokens).toEqual(['new', 'old']);
  });

  test('XDG_DATA_HOME moves the data', () => {
    expect(load({ ...enough, XDG_DATA_HOME: '/data' }).dataDir).toBe('/data/lakefs-mlflow');
    expect(load({ ...enough, XDG_DATA_HOME: 'data' }).dataDir).toBe('/home/jane/.local/share/lakefs-mlflow');
  });

  test('users have a name, a role and a hash', () => {
    const hash = `scrypt.32768.8.3.${'a'.repeat(22)}.${'b'.repeat(43)}`;
    expect(load({ ...enough, LAKEFS_MLFLOW_USERS: `jane:operator:${hash}` }).users).toEqual([
      { name: 'jane', role: 'operator', hash },
    ]);
  });

  test('variables that Kubernetes makes of a Service called lakefs-mlflow are not ours', () => {
    const env = {
      ...enough,
      LAKEFS_MLFLOW_PORT: 'tcp://10.0.0.1:8321',
      LAKEFS_MLFLOW_PORT_8321_TCP_ADDR: '10.0.0.1',
      LAKEFS_MLFLOW_SERVICE_HOST: '10.0.0.1',
      LAKEFS_MLFLOW_SERVICE_PORT_HTTP: '8321',
    };
    expect(load(env)).toEqual(load(enough));
  });
});

describe('a command that needs one server only', () => {
  test('does not ask for the other, and does not mind what is wrong with it', () => {
    const { MLFLOW_TRACKING_URI: _, ...noMlflow } = enough;
    expect(problemsOf(noMlflow, {}, { need: ['lakefs'] })).toEqual([]);
    expect(problemsOf({ ...enough, MLFLOW_TRACKING_URI: 'databricks' }, {}, { need: ['lakefs'] })).toEqual(
      [],
    );
    expect(problemsOf({ MLFLOW_TRACKING_URI: 'http://mlflow' }, {}, { need: ['mlflow'] })).toEqual([]);
  });

  test('still asks for that one', () => {
    expect(problemsOf({}, {}, { need: ['mlflow'] })).toEqual([
      'MLFLOW_TRACKING_URI is not set: give the address of the MLflow server, such as http://mlflow:5000',
    ]);
  });
});

test('every problem is in one message, and the exit code is 2', () => {
  const env = { LAKEFS_MLFLOW_PORT: 'abc', LAKEFS_MLFLOW_MODE: 'watch', LAKEFS_MLFLOW_PROT: '1' };
  try {
    load(env);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.exitCode).toBe(2);
    const [first, ...lines] = error.message.split('\n');
    expect(first).toBe('Wrong settings, 7 problems:');
    expect(lines).toEqual([...error.problems].map((problem) => `  - ${problem}`));
    expect([...error.problems].sort()).toEqual([
      expect.stringMatching(/^LAKECTL_CREDENTIALS_ACCESS_KEY_ID is not set/),
      expect.stringMatching(/^LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY is not set/),
      expect.stringMatching(/^LAKECTL_SERVER_ENDPOINT_URL is not set/),
      'LAKEFS_MLFLOW_MODE must be one of write, observe',
      'LAKEFS_MLFLOW_PORT must be a whole number from 0 to 65535',
      'LAKEFS_MLFLOW_PROT is not a setting; did you mean "LAKEFS_MLFLOW_PORT"?',
      expect.stringMatching(/^MLFLOW_TRACKING_URI is not set/),
    ]);
  }
});
