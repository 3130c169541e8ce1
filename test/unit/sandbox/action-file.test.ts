import { expect, it } from 'vitest';
import { holds } from '../../../src/sandbox/actions/condition.js';
import { parseAction } from '../../../src/sandbox/actions/parse.js';
import { prepareWebhook } from '../../../src/sandbox/actions/webhook.js';

const hook = `
  - id: notify
    type: webhook
    properties:
      url: http://127.0.0.1/x`;

function action(text: string): () => unknown {
  return () => parseAction(text);
}

it.each([
  ['on:\n  post-commit:\nhooks: []', "'name' is required: invalid action"],
  ['name: x\non:\n  post-commit:\nhooks: []', "'name' is invalid: invalid action"],
  ['name: abc\nhooks: []', "'on' is required: invalid action"],
  ['name: abc\non:\n  post-comit:\nhooks: []', "event 'post-comit' is not supported: invalid action"],
  [
    'name: abc\non:\n  post-create-tag:\n    branches: [main]',
    "'branches' is not supported in tag event types: invalid action",
  ],
  ['name: abc\non:\n  post-commit:\nhooks:\n  - type: webhook', 'hook[0] missing ID: invalid action'],
  [
    'name: abc\non:\n  post-commit:\nhooks:\n  - id: ab\n    type: mail',
    "hook[0] type 'mail' unknown: invalid action",
  ],
  [
    'name: abc\non:\n  post-commit:\nhooks:\n  - id: ab\n    type: webhook',
    "hook[0] 'url' must be supplied in properties: invalid action",
  ],
  [`name: abc\non:\n  post-commit:\nhooks:${hook}${hook}`, "hook[1] duplicate ID 'notify': invalid action"],
])('an action file is refused: %j', (text, message) => {
  expect(action(text)).toThrow(message);
});

it('only the first YAML document counts, and unknown keys do not matter', () => {
  const parsed = parseAction(
    `name: first\nowner: me\non:\n  post-merge:\n    branches: [main]\nhooks:${hook}\n---\nname: second\n`,
  );
  expect(parsed).toMatchObject({ name: 'first', hooks: [{ id: 'notify', type: 'webhook', condition: '' }] });
  expect([...parsed.on]).toEqual([['post-merge', ['main']]]);
});

it.each([
  ['', true, true],
  ['', false, false],
  ['failure()', false, true],
  ['!success() || (true && false)', false, true],
  ['success() && !failure()', true, true],
])('the condition %j after success = %s holds: %s', (expression, succeeded, expected) => {
  expect(holds(expression, succeeded)).toBe(expected);
});

it.each(['1 + 1', 'success', '(true', 'true false'])('the condition %j is refused', (expression) => {
  expect(() => holds(expression, true)).toThrow('cannot evaluate');
});

const named = { name: 'abc', on: new Map(), hooks: [] };

function webhook(properties: Record<string, unknown>, env: Record<string, string> = {}) {
  return prepareWebhook(
    named,
    { id: 'h1', type: 'webhook', condition: '', properties: { url: 'http://x/', ...properties } },
    env,
  );
}

it('the environment is read for headers and query only, and only names with the prefix', () => {
  const env = { LAKEFSACTION_T: 's3cret', HOME: '/root' };
  const made = webhook(
    {
      headers: { A: 'Bearer {{ ENV.LAKEFSACTION_T }}', B: '[{{ENV.HOME}}]', C: 'plain' },
      query_params: { q: ['x', '{{ ENV.LAKEFSACTION_T }}'] },
    },
    env,
  );
  expect(made.headers).toEqual([
    { name: 'A', text: 'Bearer s3cret', secret: true },
    { name: 'B', text: '[]', secret: true },
    { name: 'C', text: 'plain', secret: false },
  ]);
  expect(made.query.map(({ text }) => text)).toEqual(['x', 's3cret']);
  expect(() => webhook({ headers: { A: '{{ ENV.LAKEFSACTION_NONE }}' } })).toThrow('missing env var');
});

it('a timeout is a Go duration; a number is ignored as on the real server', () => {
  expect(webhook({ timeout: '1m30s' }).timeoutMs).toBe(90_000);
  expect(webhook({ timeout: '1.5s' }).timeoutMs).toBe(1500);
  expect(webhook({ timeout: '0s' }).timeoutMs).toBe(0);
  expect(webhook({ timeout: 30 }).timeoutMs).toBe(60_000);
  expect(() => webhook({ timeout: 'soon' })).toThrow('invalid duration');
});
