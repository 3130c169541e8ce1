import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { actionFile, classifyActionFile, placeholderUrl } from '../../../src/install/action-file.js';

const url = 'https://mlops.example/hooks/lakefs';

test('The packaged file is what install would write for the placeholder address', () => {
  const packaged = readFileSync(new URL('../../../actions/lakefs-mlflow.yaml', import.meta.url), 'utf8');
  expect(packaged).toBe(actionFile({ url: placeholderUrl }));
});

test('It is an action as lakeFS wants it: four post events, one webhook, strings for all values', () => {
  expect(parse(actionFile({ url }))).toEqual({
    name: 'lakefs-mlflow',
    description: expect.any(String),
    on: { 'post-commit': null, 'post-merge': null, 'post-revert': null, 'post-cherry-pick': null },
    hooks: [
      {
        id: 'notify',
        type: 'webhook',
        properties: {
          url,
          timeout: '10s',
          headers: {
            Authorization: 'Bearer {{ ENV.LAKEFSACTION_BRIDGE_TOKEN }}',
            'Idempotency-Key': 'lakefs-mlflow',
          },
        },
      },
    ],
  });
});

test.each([
  `https://x.example/a"b`,
  'https://x.example/a\\b',
  'https://x.example/#a: b',
  'https://x.example/{{}}',
])('The address %s comes out of the YAML as it went in', (odd) => {
  expect(parse(actionFile({ url: odd })).hooks[0].properties.url).toBe(odd);
});

test.each([
  ['nothing', undefined, 'absent'],
  ['our file', actionFile({ url }), 'current'],
  ['our file, saved on Windows', actionFile({ url }).replaceAll('\n', '\r\n'), 'current'],
  ['our file with another address', actionFile({ url: placeholderUrl }), 'older'],
  ['our file of a later contract', actionFile({ url }).replace('contract 1', 'contract 12'), 'edited'],
  ['our file, edited by hand', `${actionFile({ url })}# mine\n`, 'edited'],
  [
    'our file with a second address in it',
    `${actionFile({ url })}      url: "https://x.example"\n`,
    'edited',
  ],
  ['a file without our first line', actionFile({ url }).split('\n').slice(1).join('\n'), 'foreign'],
  ['a file that only mentions us', 'name: x # lakefs-mlflow-action: contract 1\n', 'foreign'],
  ['an empty file', '', 'foreign'],
])('%s is known for what it is', (_, content, found) => {
  expect(classifyActionFile(content, actionFile({ url }))).toBe(found);
});
