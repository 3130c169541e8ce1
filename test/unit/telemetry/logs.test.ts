import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/http/redact.js';
import { createConsoleLog } from '../../../src/telemetry/console-log.js';
import { createJsonLog } from '../../../src/telemetry/json-log.js';
import { secretsOf } from '../../../src/telemetry/secrets.js';

const redact = createRedactor(['canary-secret']);

/** As HTTP clients throw them: with the whole request inside. */
function clientError(): Error {
  return Object.assign(new Error('answered 500 to canary-secret', { cause: new Error('reset') }), {
    code: 'ECONNRESET',
    config: { headers: { Authorization: 'Bearer other-canary' } },
  });
}

describe('logs', () => {
  test('JSON lines hold level, time, data and what matters of an error, but no secret', () => {
    const lines: string[] = [];
    const log = createJsonLog('info', redact, { write: (line) => void lines.push(line) });
    log.debug({}, 'not shown');
    log.warn({ err: clientError(), url: 'http://x/?t=canary-secret' }, 'try failed');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'warn',
      msg: 'try failed',
      url: 'http://x/?t=***',
      err: { message: 'answered 500 to ***', code: 'ECONNRESET', cause: { message: 'reset' } },
    });
    expect(lines[0]).not.toContain('canary');
  });

  test('lines for a terminal hold the same in one line', () => {
    const lines: string[] = [];
    const log = createConsoleLog(
      'info',
      redact,
      (line) => void lines.push(line),
      () => 0,
    );
    log.debug({}, 'not shown');
    log.error({ err: clientError(), job: 'x', nothing: undefined }, 'try failed');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d error try failed {2}err=answered 500 to \*\*\* \(reset\) {2}job=x\n$/,
    );
  });

  test('a silent log is silent', () => {
    const lines: string[] = [];
    createConsoleLog(
      'silent',
      redact,
      (line) => void lines.push(line),
      () => 0,
    ).error({}, 'x');
    expect(lines).toEqual([]);
  });
});

test('every secret of the settings is known', () => {
  const installation = {
    lakefs: { secretAccessKey: 'lakefs-key' },
    mlflow: { password: 'mlflow-password', token: undefined },
    hookTokens: ['hook-token'],
  };
  const settings = {
    queueUrl: 'redis://:p%40ss@host',
    users: [{ name: 'a', role: 'viewer', hash: 'a-hash' }],
    installations: [installation],
  };
  expect(secretsOf(settings as never)).toEqual([
    'a-hash',
    'lakefs-key',
    'mlflow-password',
    'hook-token',
    'p%40ss',
    'p@ss',
  ]);
});
