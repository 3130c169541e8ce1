import { expect, test } from 'vitest';
import { addressesOfValue } from '../../../src/domain/addresses-of-value.js';

const a = 's3://repo/main/a';
const b = 'lakefs://repo/main/b';

test.each([
  [a, [a]],
  [` ${a}\n`, [a]],
  [`${a},${b}`, [a, b]],
  [`${a}; ${b}`, [a, b]],
  [`${a}\n${b}`, [a, b]],
  [`${a},${a}`, [a]],
  [`s3://repo/main/a,b.csv`, ['s3://repo/main/a,b.csv']],
  [`["${a}", "${b}"]`, [a, b]],
  [`['${a}', "${b}"]`, [a, b]],
  [`('${a}',)`, [a]],
  [`"${a} with a blank"`, [`${a} with a blank`]],
  [`['s3://repo/main/my data/x.csv']`, ['s3://repo/main/my data/x.csv']],
  ['s3:/repo/main/from-pathlib', ['s3:/repo/main/from-pathlib']],
  [
    'https://lakefs.example.com/repositories/repo/objects?ref=v1',
    ['https://lakefs.example.com/repositories/repo/objects?ref=v1'],
  ],
  ['s3://repo/main/ü.csv', ['s3://repo/main/ü.csv']],
])('%s is as a whole one address or a list of them', (value, texts) => {
  expect(addressesOfValue(value)).toEqual({ kind: 'addresses', texts });
});

test.each([
  `${a} is broken`,
  `read ${a}`,
  `${a}, then more`,
  `["${a}", "local.csv"]`,
  `["${a}", 1]`,
  `['${a}\\'']`,
  `['${a}'`,
  `{"train": "${a}"}`,
  `${a} ${'word '.repeat(1_000)}`,
])('%s holds an address but is none', (value) => {
  expect(addressesOfValue(value)).toEqual({ kind: 'text' });
});

test.each([
  '',
  'C:/data',
  '0.1',
  'a, b',
  'see https://example.com/docs for more',
  '[1, 2]',
  '['.repeat(8_000),
])('%s says nothing', (value) => {
  expect(addressesOfValue(value).kind).not.toBe('text');
});
