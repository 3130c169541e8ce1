import { type Option, prefix } from './option.js';

/** Where the two servers are and who we are there. */
export const lakefsOptions = {
  lakefsEndpoint: {
    env: ['LAKECTL_SERVER_ENDPOINT_URL'],
    key: 'lakefs.endpoint',
    type: 'address',
    description:
      'Address of lakeFS, with or without `/api/v1`. If not set: `server.endpoint_url` in `~/.lakectl.yaml`.',
    example: 'https://lakefs.example.com',
  },
  lakefsAccessKeyId: {
    env: ['LAKECTL_CREDENTIALS_ACCESS_KEY_ID'],
    key: 'lakefs.accessKeyId',
    type: 'text',
    secret: true,
    description: 'Access key. If not set: `credentials.access_key_id` in `~/.lakectl.yaml`.',
  },
  lakefsSecretAccessKey: {
    env: ['LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY'],
    key: 'lakefs.secretAccessKey',
    type: 'text',
    secret: true,
    description:
      'Secret of the access key. If not set: `credentials.secret_access_key` in `~/.lakectl.yaml`.',
  },
  lakefsCaFile: {
    env: [`${prefix}LAKEFS_CA_FILE`],
    key: 'lakefs.caFile',
    type: 'file',
    description:
      'PEM file with the certificate authority that signed the certificate of lakeFS; trusted in addition to the public ones.',
    example: '/etc/ssl/company-ca.pem',
  },
  lakefsPublicUrl: {
    env: [`${prefix}LAKEFS_PUBLIC_URL`],
    key: 'lakefs.publicUrl',
    type: 'address',
    defaultText: 'the address of lakeFS',
    description: 'Where people open lakeFS in a browser; used in links.',
  },
  lakefsHosts: {
    env: [`${prefix}LAKEFS_HOSTS`],
    key: 'lakefs.hosts',
    type: 'list',
    default: '',
    description: 'Other hosts under which runs may name this lakeFS in http(s) addresses.',
    example: 'lakefs.internal:8000,data.example.com',
  },
  lakefsS3Domains: {
    env: [`${prefix}LAKEFS_S3_DOMAINS`],
    key: 'lakefs.s3Domains',
    type: 'list',
    default: '',
    description:
      'Domains of its S3 gateway (`gateways.s3.domain_name`): `https://<repository>.<domain>/<ref>/<path>` and `https://<domain>/<repository>/<ref>/<path>` in runs then lead to this lakeFS.',
    example: 's3.lakefs.example.com',
  },
} as const satisfies Readonly<Record<string, Option>>;

export const mlflowOptions = {
  mlflowTrackingUri: {
    env: ['MLFLOW_TRACKING_URI'],
    key: 'mlflow.trackingUri',
    type: 'address',
    description: 'Address of the MLflow server; may have a path prefix.',
    example: 'http://mlflow:5000',
  },
  mlflowUsername: {
    env: ['MLFLOW_TRACKING_USERNAME'],
    key: 'mlflow.username',
    type: 'text',
    description: 'User name for HTTP Basic. Used instead of a token if there is a password too.',
  },
  mlflowPassword: {
    env: ['MLFLOW_TRACKING_PASSWORD'],
    key: 'mlflow.password',
    type: 'text',
    secret: true,
    description: 'Password for HTTP Basic.',
  },
  mlflowToken: {
    env: ['MLFLOW_TRACKING_TOKEN'],
    key: 'mlflow.token',
    type: 'text',
    secret: true,
    description: 'Bearer token.',
  },
  mlflowWorkspace: {
    env: ['MLFLOW_WORKSPACE'],
    key: 'mlflow.workspace',
    type: 'text',
    description: 'Workspace, for an MLflow server that has workspaces.',
  },
  mlflowCaFile: {
    env: ['MLFLOW_TRACKING_SERVER_CERT_PATH'],
    key: 'mlflow.caFile',
    type: 'file',
    description:
      'PEM file with the certificate authority that signed the certificate of MLflow; trusted in addition to the public ones.',
    example: '/etc/ssl/company-ca.pem',
  },
  mlflowPublicUrl: {
    env: [`${prefix}MLFLOW_PUBLIC_URL`],
    key: 'mlflow.publicUrl',
    type: 'address',
    defaultText: 'the tracking URI',
    description: 'Where people open MLflow in a browser; used in links.',
  },
  mlflowConnections: {
    env: [`${prefix}MLFLOW_CONNECTIONS`],
    key: 'mlflow.connections',
    type: 'choice',
    choices: ['auto', 'reuse', 'rested', 'new'],
    default: 'auto',
    description:
      'Whether connections to MLflow are reused. An MLflow with two or more workers answers up to 40 ms later on a connection that is reused at once, but not on one that has been idle for 60 ms (`rested`); `auto` measures which is faster.',
  },
  mlflowMaxInFlight: {
    env: [`${prefix}MLFLOW_MAX_IN_FLIGHT`],
    key: 'mlflow.maxInFlight',
    type: 'number',
    min: 1,
    max: 1000,
    default: '4',
    description:
      'Maximum number of requests to one MLflow server at a time. More than 4 gain little on one machine; use 8 for a distant server. MLflow breaks down at about 15. With `auto` connections, a nearby server with one worker gets 2, because more would slow it down.',
  },
  mlflowTimeout: {
    env: [`${prefix}MLFLOW_TIMEOUT`],
    key: 'mlflow.timeout',
    type: 'duration',
    min: 1_000,
    default: '30s',
    description: 'How long a request to MLflow may take.',
  },
} as const satisfies Readonly<Record<string, Option>>;
