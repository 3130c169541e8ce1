import { describe, expect, test } from 'vitest';
import { allOptions } from '../../../src/config/options.js';
import { SettingsError } from '../../../src/config/settings-error.js';
import { enough, load, problemsOf } from './fixtures.js';

describe('is a problem that names the variable and what to do:', () => {
  test.each([
    ['MLFLOW_TRACKING_URI', 'sqlite:///mlflow.db', 'this is a database'],
    ['MLFLOW_TRACKING_URI', 'mysql+pymysql://u:p@db/mlflow', 'this is a database'],
    ['MLFLOW_TRACKING_URI', 'databricks', 'for Databricks give the https address'],
    ['MLFLOW_TRACKING_URI', 'databricks://profile', 'for Databricks give the https address'],
    [
      'MLFLOW_TRACKING_URI',
      'arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/x',
      'run a proxy that signs requests',
    ],
    ['MLFLOW_TRACKING_URI', 'https://us-east-1.experiments.sagemaker.aws', 'run a proxy that signs requests'],
    ['MLFLOW_TRACKING_URI', 'https://mlflow.sagemaker.eu-west-1.app.aws/', 'run a proxy that signs requests'],
    [
      'MLFLOW_TRACKING_URI',
      'https://gitlab.example.com/api/v4/projects/12/ml/mlflow',
      'MLflow API of a GitLab project, which stores no dataset inputs: run an MLflow server',
    ],
    ['MLFLOW_TRACKING_URI', 'file:///mlruns', 'this is a folder'],
    ['MLFLOW_TRACKING_URI', './mlruns', 'this is a folder'],
    ['MLFLOW_TRACKING_URI', 'mlflow:5000', 'http:// or https://'],
    ['MLFLOW_TRACKING_URI', 'http://', 'not a valid address'],
    ['MLFLOW_TRACKING_URI', 'http://mlflow:5000/#/experiments', '"?" or "#"'],
    ['MLFLOW_TRACKING_USERNAME', 'jane', 'MLFLOW_TRACKING_PASSWORD is not set'],
    ['MLFLOW_TRACKING_PASSWORD', 'pw', 'MLFLOW_TRACKING_USERNAME is not set'],
    ['MLFLOW_TRACKING_SERVER_CERT_PATH', '/none.pem', 'cannot be read (ENOENT)'],
    ['LAKECTL_SERVER_ENDPOINT_URL', 'lakefs', 'http:// or https://'],
    ['LAKEFSACTION_BRIDGE_TOKEN', 'two words', 'ASCII'],
    ['LAKEFS_MLFLOW_HOOK_TOKENS', 'schlüssel', 'ASCII'],
    ['REDIS_URL', 'redis:6379', 'redis://'],
    ['LAKEFS_MLFLOW_QUEUE_URL', 'memory', 'embedded'],
    ['LAKEFS_MLFLOW_PORT', '65536', 'from 0 to 65535'],
    ['LAKEFS_MLFLOW_PORT', '0x50', 'whole number'],
    ['LAKEFS_MLFLOW_CONCURRENCY', '0', 'from 1 to 1000'],
    ['LAKEFS_MLFLOW_SWEEP_INTERVAL', '30', 'a number with a unit'],
    ['LAKEFS_MLFLOW_SWEEP_INTERVAL', '-1s', 'a number with a unit'],
    ['LAKEFS_MLFLOW_SWEEP_INTERVAL', '0s', 'at least 1s'],
    ['LAKEFS_MLFLOW_LAP_INTERVAL', '30d', 'at most 24d'],
    ['LAKEFS_MLFLOW_MODE', 'read', 'one of write, observe'],
    ['LAKEFS_MLFLOW_TAG_MODELS', 'maybe', 'yes or no'],
    ['LAKEFS_MLFLOW_CATALOG', '/', 'more than slashes'],
    ['LAKEFS_MLFLOW_LOG_LEVEL', 'verbose', 'one of trace'],
    ['LAKEFS_MLFLOW_MLFLOW_CONNECTIONS', 'keep', 'one of auto, reuse, rested, new'],
    ['LAKEFS_MLFLOW_PUBLIC_URL', 'https://u:p@example.com', 'must not contain a user name or password'],
    ['LAKEFS_MLFLOW_LAKEFS_PUBLIC_URL', 'https://u@example.com', 'must not contain a user name or password'],
    ['LAKEFS_MLFLOW_REFERENCE_KEYS', 'repo:a,data.commit', 'entry 2 must be repo:<key>'],
    ['LAKEFS_MLFLOW_REFERENCE_KEYS', 'sha:a', 'entry 1 must be repo:<key>'],
    ['LAKEFS_MLFLOW_USERS', 'jane', 'entry 1 must be name:viewer'],
    ['LAKEFS_MLFLOW_USERS', 'jane:admin:x', 'entry 1 must be name:viewer'],
    ['LAKEFS_MLFLOW_USERS', 'jane:viewer', 'entry 1 has no password hash'],
    ['LAKEFS_MLFLOW_USERS', 'jane:viewer:pw', 'entry 1 has an invalid password hash'],
    ['LAKEFS_MLFLOW_TRUSTED_PROXIES', 'proxy.internal', 'addresses or networks'],
    ['LAKEFS_MLFLOW_TRUSTED_PROXIES', '10.0.0.0/33', 'addresses or networks'],
    ['LAKEFS_MLFLOW_USER_HEADER', 'X-User', 'without LAKEFS_MLFLOW_TRUSTED_PROXIES'],
    ['LAKEFS_MLFLOW_CONFIG', '/none.yaml', 'cannot be read (ENOENT)'],
    ['LAKEFS_MLFLOW_REPOSITORY', 'x', 'did you mean "LAKEFS_MLFLOW_REPOSITORIES"?'],
    ['LAKEFS_MLFLOW_QQQQQQQQQQQQQQQ', 'x', 'LAKEFS_MLFLOW_QQQQQQQQQQQQQQQ is not a setting'],
  ])('%s=%s', (name, value, words) => {
    const problems = problemsOf({ ...enough, [name]: value });
    expect(problems).toEqual([expect.stringContaining(words)]);
    if (!words.includes('not set')) {
      expect(problems[0]).toContain(name);
    }
  });
});

test('a user may be there twice, but not by one name', () => {
  const env = {
    ...enough,
    LAKEFS_MLFLOW_TRUSTED_PROXIES: '10.0.0.7',
    LAKEFS_MLFLOW_USER_HEADER: 'X-User',
    LAKEFS_MLFLOW_USERS: 'jane:viewer,joe:operator,jane:operator',
  };
  expect(problemsOf(env)).toEqual(['LAKEFS_MLFLOW_USERS entry 3 names the same user as an earlier entry']);
});

/** Shapes in which a secret could sit in a value. */
const disguises = (canary: string): string[] => [
  canary,
  `http://name:${canary}@host`,
  `http://name:${canary}@host:port`,
  `sqlite://name:${canary}@host`,
  `${canary}:viewer:${canary}`,
  `zwölf ${canary}`,
];

describe('no secret is in the message about wrong settings', () => {
  const names = allOptions.flatMap(({ env }) => env);

  test.each(names)('where it sits in %s', (name) => {
    for (const value of disguises('CANARY')) {
      try {
        load({ ...enough, MLFLOW_TRACKING_TOKEN: 'x', LAKEFS_MLFLOW_PORT: 'wrong', [name]: value });
        // Only the port itself can have repaired what is wrong here, and no disguise is a port.
        expect.unreachable();
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error;
        expect(error.message.toLowerCase()).not.toContain('canary');
      }
    }
  });
});
