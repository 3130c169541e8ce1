import { type Option, prefix } from './option.js';

/** What belongs to the process, not to an installation. */
export const serviceOptions = {
  config: {
    env: [`${prefix}CONFIG`],
    type: 'file',
    description: 'YAML file with installations and dataset rules, see below.',
    example: '/etc/lakefs-mlflow.yaml',
  },
  bridgeToken: {
    env: ['LAKEFSACTION_BRIDGE_TOKEN'],
    type: 'text',
    secret: true,
    description:
      'The token of the webhooks, sent by the lakeFS action: set the same value here and in the environment of lakeFS. Printable ASCII characters, no spaces.',
  },
  host: {
    env: [`${prefix}HOST`],
    type: 'text',
    default: '127.0.0.1',
    description:
      'Address to listen on. Addresses other than loopback require a hook token for every installation, and a login (USERS or USER_HEADER) for pages, API, dashboard and metrics.',
    example: '0.0.0.0',
  },
  port: {
    env: [`${prefix}PORT`],
    type: 'number',
    min: 0,
    max: 65_535,
    default: '8321',
    description: 'Port to listen on.',
  },
  publicUrl: {
    env: [`${prefix}PUBLIC_URL`],
    type: 'address',
    defaultText: '`http://<host>:<port>`',
    description:
      'Where people and lakeFS reach the service; used in links in tags, notes and the Actions log of lakeFS, and in the action that `install` writes. If it has a path, everything is served both with and without it, so a proxy may keep or strip the path.',
    example: 'https://lineage.example.com',
  },
  queueUrl: {
    env: [`${prefix}QUEUE_URL`, 'REDIS_URL'],
    type: 'text',
    secret: true,
    default: 'embedded',
    description:
      'The queue: `redis(s)://…`, `postgres://…`, or `embedded`, a database in DATA_DIR. One server, not a Redis Cluster or Sentinel. In a password write `/` as `%2F` and `?` as `%3F`; other characters need no encoding.',
    example: 'redis://redis:6379',
  },
  queueCaFile: {
    env: [`${prefix}QUEUE_CA_FILE`],
    type: 'file',
    description:
      'PEM file with the certificate authority that signed the certificate of Redis (`rediss://`) or PostgreSQL (which is then always used with TLS).',
    example: '/etc/ssl/company-ca.pem',
  },
  dataDir: {
    env: [`${prefix}DATA_DIR`],
    type: 'folder',
    defaultText: '`$XDG_DATA_HOME/lakefs-mlflow`, else `~/.local/share/lakefs-mlflow`',
    description: 'Folder for the embedded queue and the address of the running service.',
  },
  users: {
    env: [`${prefix}USERS`],
    type: 'list',
    secret: true,
    default: '',
    description:
      'Who may open pages, API and dashboard: `name:viewer:<hash>` or `name:operator:<hash>`; `lakefs-mlflow hash-password` prints the hash. A user without a hash can log in by USER_HEADER only.',
  },
  trustedProxies: {
    env: [`${prefix}TRUSTED_PROXIES`],
    type: 'list',
    default: '',
    description:
      'Addresses or networks of the proxies in front of the service. Their USER_HEADER is trusted, and so is their X-Forwarded-For: requests are logged, and wrong logins limited, by the address in it.',
    example: '10.0.0.7,10.1.0.0/16',
  },
  userHeader: {
    env: [`${prefix}USER_HEADER`],
    type: 'text',
    description: 'Header in which a trusted proxy sends the name of the logged-in user.',
    example: 'X-Forwarded-User',
  },
  sweepInterval: {
    env: [`${prefix}SWEEP_INTERVAL`],
    type: 'duration',
    min: 1_000,
    default: '30s',
    description: 'How often MLflow is asked for new runs; at least 1s.',
  },
  reconcileInterval: {
    env: [`${prefix}RECONCILE_INTERVAL`],
    type: 'duration',
    min: 1_000,
    default: '60s',
    description:
      'How often branch heads in lakeFS are compared with the catalog, to find commits whose event was lost; at least 1s.',
  },
  lapInterval: {
    env: [`${prefix}LAP_INTERVAL`],
    type: 'duration',
    min: 60_000,
    default: '24h',
    description: 'How often every run is rechecked; at least 1m.',
  },
  concurrency: {
    env: [`${prefix}CONCURRENCY`],
    type: 'number',
    min: 1,
    max: 1000,
    default: '100',
    description:
      'How many jobs a process runs at a time. They share the requests in flight and read runs in batches: higher values batch better.',
  },
  shutdownDeadline: {
    env: [`${prefix}SHUTDOWN_DEADLINE`],
    type: 'duration',
    min: 0,
    default: '4s',
    description:
      'How long running jobs may take to finish after SIGTERM. Unfinished jobs go back to the queue. The process ends at most 4 s later, so more than 5s needs a longer stop timeout than the 10 s of `docker stop`.',
  },
  shutdownDrain: {
    env: [`${prefix}SHUTDOWN_DRAIN`],
    type: 'duration',
    min: 0,
    default: '1s',
    description:
      'How long the service keeps listening after SIGTERM, at least. `/health/ready` answers 503 from the signal on, so that a load balancer sends requests elsewhere.',
  },
  logLevel: {
    env: [`${prefix}LOG_LEVEL`],
    type: 'choice',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    description: 'Lowest level that is logged.',
  },
} as const satisfies Readonly<Record<string, Option>>;
