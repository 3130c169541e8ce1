import { expect, test } from 'vitest';
import { answerIn, errorIn } from '../../../src/install/hook-refusal.js';

// As lakeFS 1.84 writes it down.
const request =
  'Request:\nPOST http://127.0.0.1:1/x\nHeaders:\nRequest Body:\n{}\n\n\nRequest duration: 1.1ms\n';
const failed = 'Error: action failed: webhook request failed (status code: 400)\n';

function withBody(body: string, header = 'Content-Length: 9'): string {
  return `${request}\nResponse:\nHTTP/1.1 400 Bad Request\r\n${header}\r\nServer: x\r\n\r\n${body}${failed}`;
}

test.each([
  ['a plain answer', withBody('no ticket'), 'no ticket'],
  [
    'a chunked one',
    withBody('3\r\nno \r\n6\r\nticket\r\n0\r\n\r\n', 'Transfer-Encoding: chunked'),
    'no ticket',
  ],
  ['several lines and control characters', withBody('no\n\ttick\u001b[31met'), 'no tick [31met'],
  ['a long one', withBody('x'.repeat(3_000_000)), `${'x'.repeat(299)}…`],
  ['none', withBody(''), ''],
  ['a word like the mark of an error', withBody('Error: no ticket'), 'Error: no ticket'],
  ['a hook that is no webhook', failed, ''],
])('The answer of the receiver: %s', (_, log, answer) => {
  expect(answerIn(log)).toBe(answer);
});

test.each([
  ['a webhook', withBody('no'), 'webhook request failed (status code: 400)'],
  [
    'Lua',
    'Error: action failed: runtime error: [string "lua"]:1: ticket is missing\nstack traceback:\n\t[Go]: in ?\n',
    'runtime error: [string "lua"]:1: ticket is missing',
  ],
  ['a hook that went well', 'Request:\nPOST http://127.0.0.1:1/x\n', ''],
])('Why it failed: %s', (_, log, error) => {
  expect(errorIn(log)).toBe(error);
});
