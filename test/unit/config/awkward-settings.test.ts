import { describe, expect, test } from 'vitest';
import { enough, load, problemsOf } from './fixtures.js';

const severalServers =
  'names several servers (Redis Cluster, Sentinel or a PostgreSQL list): give the address of the one that accepts writes, or of a proxy that always leads to it';
const header = 'must consist of printable ASCII characters without spaces: it is sent in an HTTP header';
const oneLine = 'contains a line break or another control character: it must be a single line';
const quotes =
  'is in quotation marks, which count as part of the value: remove them (the env files of Docker keep them)';
const queueKinds = 'must be redis://…, rediss://… (Redis with TLS), postgres://… or the word embedded';
const noRepository =
  'matches no repository: repository names consist of lower-case letters, digits and dashes. Separate entries by commas';
const host = 'must be an IP address or a host name, without scheme and port: 127.0.0.1, 0.0.0.0 or ::';

describe('A mistaken setting is reported with its name and what to do:', () => {
  test.each([
    // Tokens and keys, as they come from files and secrets.
    ['LAKEFSACTION_BRIDGE_TOKEN', 'two words', header],
    ['LAKEFSACTION_BRIDGE_TOKEN', 'schlüssel', header],
    ['LAKEFSACTION_BRIDGE_TOKEN', 'one\ntwo', oneLine],
    ['LAKEFS_MLFLOW_HOOK_TOKENS', 'fine,not fine', header],
    ['LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY', 'one\ntwo', oneLine],
    ['LAKECTL_CREDENTIALS_ACCESS_KEY_ID', 'one\u0000two', oneLine],
    ['MLFLOW_TRACKING_TOKEN', 'one\r\ntwo', oneLine],
    ['MLFLOW_TRACKING_TOKEN', 'zwölf', header],
    // Addresses.
    ['LAKECTL_SERVER_ENDPOINT_URL', '"http://lakefs:8000"', quotes],
    ['MLFLOW_TRACKING_URI', "'http://mlflow:5000'", quotes],
    ['LAKEFS_MLFLOW_CATALOG', '"lakefs"', quotes],
    ['LAKEFS_MLFLOW_REPOSITORIES', 'images;sales', `entry 1 ${noRepository}`],
    ['LAKEFS_MLFLOW_REPOSITORIES', 'images,["sales"]', `entry 2 ${noRepository}`],
    ['REDIS_URL', '"redis://redis:6379"', quotes],
    ['LAKEFS_MLFLOW_QUEUE_URL', "'embedded'", quotes],
    [
      'LAKEFS_MLFLOW_LAKEFS_HOSTS',
      'lakefs:8000,https://data.example.com',
      'entry 2 must be a host name, with its port if it has one: no scheme, no path, no "*"',
    ],
    [
      'LAKEFS_MLFLOW_LAKEFS_S3_DOMAINS',
      '*.s3.example.com',
      'entry 1 must be a host name, with its port if it has one: no scheme, no path, no "*"',
    ],
    [
      'LAKEFS_MLFLOW_PUBLIC_URL',
      'https://x.example/hooks/lakefs/',
      'must be the address of the service itself, without /hooks/lakefs at the end',
    ],
    ['LAKEFS_MLFLOW_HOST', 'http://0.0.0.0', host],
    ['LAKEFS_MLFLOW_HOST', '0.0.0.0:8321', host],
    ['LAKEFS_MLFLOW_HOST', '*', host],
    // The queue.
    ['REDIS_URL', 'redis:6379', `${queueKinds}; write it with its scheme, such as redis://redis:6379`],
    ['REDIS_URL', 'valkey://redis:6379', `${queueKinds}: for Valkey write redis:// or rediss://`],
    ['LAKEFS_MLFLOW_QUEUE_URL', 'mysql://db/queue', queueKinds],
    [
      'LAKEFS_MLFLOW_QUEUE_URL',
      'postgresql+psycopg2://u:p@db/queue',
      `${queueKinds}: leave the driver out of the scheme`,
    ],
    ['REDIS_URL', 'redis-sentinel://a:26379/mymaster', severalServers],
    ['REDIS_URL', 'redis+cluster://a:6379', severalServers],
    ['REDIS_URL', 'redis://a:6379,b:6379', severalServers],
    [
      'REDIS_URL',
      'redis://:pa/ss@redis',
      'has a "/" or "?" in its user name or password: write "/" as %2F and "?" as %3F there',
    ],
    [
      'REDIS_URL',
      'redis://:pa?ss@redis',
      'has a "/" or "?" in its user name or password: write "/" as %2F and "?" as %3F there',
    ],
    [
      'REDIS_URL',
      'redis://redis:6379/jobs',
      'must have nothing or the number of a database after the host: redis://host:6379/0',
    ],
    [
      'REDIS_URL',
      'redis://redis:port',
      'is not a valid address: write it as redis://user:password@host:6379/0',
    ],
    // Figures.
    ['LAKEFS_MLFLOW_SWEEP_INTERVAL', '1ms', 'must be at least 1s'],
    ['LAKEFS_MLFLOW_RECONCILE_INTERVAL', '10ms', 'must be at least 1s'],
    ['LAKEFS_MLFLOW_LAP_INTERVAL', '1s', 'must be at least 1m'],
    ['LAKEFS_MLFLOW_MLFLOW_TIMEOUT', '30ms', 'must be at least 1s'],
    ['LAKEFS_MLFLOW_SWEEP_INTERVAL', '９９s', 'must be a number with a unit: 500ms, 30s, 5m, 24h or 7d'],
    ['LAKEFS_MLFLOW_SWEEP_INTERVAL', '99999999999999999d', 'must be at most 24d'],
    ['LAKEFS_MLFLOW_PORT', '８３２１', 'must be a whole number from 0 to 65535'],
    ['LAKEFS_MLFLOW_PORT', '-1', 'must be a whole number from 0 to 65535'],
    ['LAKEFS_MLFLOW_PORT', '=8321', 'must be a whole number from 0 to 65535'],
  ])('%s=%j', (name, value, problem) => {
    expect(problemsOf({ ...enough, [name]: value })[0]).toBe(`${name} ${problem}`);
  });
});

describe('a certificate of a private authority', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const names = [
    'LAKEFS_MLFLOW_LAKEFS_CA_FILE',
    'MLFLOW_TRACKING_SERVER_CERT_PATH',
    'LAKEFS_MLFLOW_QUEUE_CA_FILE',
  ];

  test('has a setting for lakeFS, MLflow and the queue', () => {
    const env = {
      ...enough,
      REDIS_URL: 'rediss://redis',
      ...Object.fromEntries(names.map((name) => [name, `/${name}`])),
    };
    const settings = load(env, Object.fromEntries(names.map((name) => [`/${name}`, pem])));
    expect(settings).toMatchObject({
      queueCaFile: '/LAKEFS_MLFLOW_QUEUE_CA_FILE',
      installations: [
        {
          lakefs: { caFile: '/LAKEFS_MLFLOW_LAKEFS_CA_FILE' },
          mlflow: { caFile: '/MLFLOW_TRACKING_SERVER_CERT_PATH' },
        },
      ],
    });
  });

  test.each(names)('%s that names no such file, or one without a certificate, is a problem', (name) => {
    expect(problemsOf({ ...enough, [name]: '/none.pem' })).toEqual([
      `${name} names a file that cannot be read (ENOENT)`,
    ]);
    expect(problemsOf({ ...enough, [name]: '/ca.der' }, { '/ca.der': '0\u0082' })).toEqual([
      `${name} names a file without a certificate: it must be in PEM form, with a line -----BEGIN CERTIFICATE-----`,
    ]);
  });

  test('for the queue is of no use with redis://, and that is said', () => {
    const env = { ...enough, REDIS_URL: 'redis://redis', LAKEFS_MLFLOW_QUEUE_CA_FILE: '/ca.pem' };
    expect(problemsOf(env, { '/ca.pem': pem })).toEqual([
      'LAKEFS_MLFLOW_QUEUE_CA_FILE is set, but the address of Redis starts with redis://, which does not use TLS: write rediss:// there',
    ]);
  });
});

describe('the password of the queue may stand in its address as it is:', () => {
  test.each([
    ['redis://:pa%ss@redis:6379', 'pa%ss'],
    ['redis://:pa#ss@redis:6379', 'pa#ss'],
    ['redis://:%#@redis:6379/2', '%#'],
    ['redis://:p@ss:w#rd@redis', 'p@ss:w#rd'],
    ['redis://:100%@redis', '100%'],
    ['redis://:pa%20ss@redis', 'pa ss'],
    ['redis://:p%C3%A4ss@redis', 'päss'],
    ['redis://:%FF@redis', '%FF'],
    ['rediss://user:"quoted"@redis', '"quoted"'],
    ['postgres://u:pa%ss#1@db/queue', 'pa%ss#1'],
  ])('%s', (given, password) => {
    const url = new URL(load({ ...enough, LAKEFS_MLFLOW_QUEUE_URL: given }).queueUrl);
    expect(decodeURIComponent(url.password)).toBe(password);
    expect(url.hostname).toMatch(/^(redis|db)$/);
  });

  test.each([
    'redis://redis:6379/3',
    'redis://[::1]:6379',
    'postgres://db/queue?user=me@company&sslmode=require',
  ])('an address without one stays as it is: %s', (given) => {
    expect(load({ ...enough, REDIS_URL: given }).queueUrl).toBe(given);
  });
});

test('A line break at the end of a secret, as from $(cat file), does no harm', () => {
  const settings = load({
    ...enough,
    LAKEFSACTION_BRIDGE_TOKEN: 'token\n',
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'secret\r\n',
  });
  expect(settings.installations[0]).toMatchObject({
    hookTokens: ['token'],
    lakefs: { secretAccessKey: 'secret' },
  });
});
