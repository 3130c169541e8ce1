import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/http/address.js';
import { createConsoleLog, createJsonLog } from '../../../src/telemetry/logs.js';

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

  test.each([
    ['a line break', 'no\n21:04:11 info  all is well', 'no\\n21:04:11 info  all is well'],
    ['an escape sequence', 'no\u001b[2J\u009b1A\r\u0007', 'no\\u001b[2J\\u009b1A\\r\\u0007'],
    ['separators and marks that turn the text', 'a\u2028b\u202ec', 'a\\u2028b\\u202ec'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
  ])("a server's error cannot forge lines of a terminal: %s", (_what, text, expected) => {
    const lines: string[] = [];
    const log = createConsoleLog(
      'info',
      redact,
      (line) => void lines.push(line),
      () => 0,
    );
    log.warn({ err: new Error(text), error: text }, text);
    expect(lines).toEqual([expect.stringMatching(/^[^\p{Cc}\u2028\u202e]*\n$/u)]);
    expect(lines[0]).toContain(`warn  ${expected}  err=${expected}  error=${expected}\n`);
  });

  test('a log line of JSON is one line of well-formed text, whatever a server says', () => {
    const lines: string[] = [];
    const log = createJsonLog('info', redact, { write: (line) => void lines.push(line) });
    const text = 'no\n{"level":"info"}\u001b[2J\u0000\ud83d';
    log.warn({ err: new Error(text), error: text, [text]: 1 }, text);
    expect(lines).toEqual([expect.stringMatching(/^\P{Cc}+\n$/u)]);
    expect(lines[0]?.isWellFormed()).toBe(true);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', error: text });
  });

  test('an error of megabytes makes a line of kilobytes', () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const error = new Error('x'.repeat(1_000_000));
    createConsoleLog('info', redact, write, () => 0).warn({ err: error, error: error.message }, 'failed');
    createJsonLog('info', redact, { write }).warn({ err: error }, 'failed');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(20_000);
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
