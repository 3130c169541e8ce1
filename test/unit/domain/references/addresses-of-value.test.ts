import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressesOfValue } from '../../../../src/domain/references/addresses-of-value.js';
import { referencesOf } from '../../../../src/domain/references/reference.js';
import { commitA, commitB, runView } from '../../../support/runs/run-views.js';

const a = 's3://repo/main/a';
const b = 'lakefs://repo/main/b';

/** What of a value counts, in its order. */
function counted(value: string): readonly string[] {
  const run = runView({ params: new Map([['data', value]]) });
  return referencesOf(run).found.map(({ text }) => text);
}

test.each([
  [a, [a]],
  [` ${a}\n`, [a]],
  [`${a},${b}`, [a, b]],
  [`${a}; ${b}`, [a, b]],
  [`${a}\n${b}`, [a, b]],
  [`${a}|${b}`, [a, b]],
  [`${a} | ${b}`, [a, b]],
  [`${a},${a}`, [a]],
  [`s3://repo/main/a,b.csv`, ['s3://repo/main/a,b.csv']],
  [`["${a}", "${b}"]`, [a, b]],
  [`['${a}', "${b}"]`, [a, b]],
  [`'${a}', "${b}"`, [a, b]],
  [`('${a}',)`, [a]],
  [`"${a} with a blank"`, [`${a} with a blank`]],
  [`['s3://repo/main/my data/x.csv']`, ['s3://repo/main/my data/x.csv']],
  ['s3:/repo/main/from-pathlib', ['s3:/repo/main/from-pathlib']],
  [
    'https://lakefs.example.com/repositories/repo/objects?ref=v1',
    ['https://lakefs.example.com/repositories/repo/objects?ref=v1'],
  ],
  ['s3://repo/main/ü.csv', ['s3://repo/main/ü.csv']],
  ['["s3://repo/main/\\u00fc.csv"]', ['s3://repo/main/ü.csv']],
])('%s is as a whole one address or a list of them', (value, texts) => {
  expect(counted(value)).toEqual(texts);
});

/** As printed by Python 3.11 with NumPy 2, pandas 3, Polars, PyArrow, datasets, OmegaConf, PyYAML, pydantic and attrs. */
describe('lists and maps as Python and its libraries print them', () => {
  test.each([
    ['a list with None, numbers and local files', `['${a}', None, 0.5, 'local.csv', '${b}']`, [a, b]],
    ['a list of lists', `[['${a}', 0.5], ['${b}', 0.5]]`, [a, b]],
    ['a list beside an apostrophe', `['${a}', "it's", 'x"\\'y', '${b}']`, [a, b]],
    ['a set', `{'${a}', '${b}'}`, [a, b]],
    ['a frozenset', `frozenset({'${a}'})`, [a]],
    ['a deque', `deque(['${a}', '${b}'], maxlen=3)`, [a, b]],
    ['a map', `{'train': '${a}', 'test': ['${b}', None]}`, [a, b]],
    ['a map of JSON', `{"train": "${a}", "test": {"files": ["${b}"]}}`, [a, b]],
    ['an ordered map', `OrderedDict([('train', '${a}'), ('test', '${b}')])`, [a, b]],
    ['a map with a default', `defaultdict(<class 'list'>, {'train': ['${a}']})`, [a]],
    ['the entries of a map', `dict_items([('train', '${a}')])`, [a]],
    ['the values of a map', `dict_values(['${a}'])`, [a]],
    ['a Namespace', `Namespace(data='${a}', lr=0.1)`, [a]],
    ['a dataclass', `Data(train='${a}', test=None, files=['${b}'])`, [a, b]],
    ['a model of pydantic', `train='${a}' test=['${b}'] lr=0.1`, [a, b]],
    ['paths', `{'p': PurePosixPath('s3:/repo/main/a')}`, ['s3:/repo/main/a']],
    ['texts of NumPy', `[np.str_('${a}')]`, [a]],
    ['an array', `['${a}' '${b}']`, [a, b]],
    ['a long array', `['${a}' '${a}' ... '${b}'\n '${b}']`, [a, b]],
    [
      'the code of an array',
      `array(['${a}', ...,\n       '${b}'],\n      shape=(2003,), dtype='<U14')`,
      [a, b],
    ],
    ['an index', `Index(['${a}', '${b}'], dtype='str')`, [a, b]],
    ['a series of pandas', `0    ${a}\n1    ${b}\nName: p, dtype: str`, [a, b]],
    ['a series of Polars', `shape: (2,)\nSeries: 'p' [str]\n[\n\t"${a}"\n\t"${b}"\n]`, [a, b]],
    ['an array of Arrow', `[\n  "${a}",\n  "${b}"\n]`, [a, b]],
    ['files of datasets', `{NamedSplit('train'): ['${a}'], 'test': ['${b}']}`, [a, b]],
    ['YAML', `train: ${a}\ntest:\n- ${b}\n- null\n`, [a, b]],
    ['YAML in flow style', `{test: ['${b}'], train: ${a}, lr: 0.1}`, [b, a]],
    ['a ConfigDict', `t: !!python/tuple\n- ${b}\ntrain: ${a}\n`, [b, a]],
    ['a list without quotes', `[${a},${b}]`, [a, b]],
    ['a list without quotes, with a local file', `[${a}, None, local.csv, ${b}]`, [a, b]],
    ['a map of Java', `{train=${a}, test=${b}}`, [a, b]],
    ['a map of Scala', `Map(train -> ${a}, test -> ${b})`, [a, b]],
  ])('%s', (_what, value, texts) => {
    expect(counted(value)).toEqual(texts);
  });
});

describe('what holds an address and is none', () => {
  test.each([
    `${a} is broken`,
    `read ${a}`,
    `${a}, then more`,
    `(${a}) is broken`,
    `['${a}'] # the old one`,
    `todo: ${a}`,
    `todo: ${a}\nask Jane about it`,
    `${a} ${'word '.repeat(1_000)}`,
  ])('%s is text', (value) => {
    expect(addressesOfValue(value)).toEqual({ kind: 'text' });
  });

  test.each([
    `['${a}\\'']`,
    `[see ${a} for more]`,
    `{'note': 'see ${a}'}`,
    `path='${a}' is broken`,
    `{'${a}': 0.5}`,
    `{'${a}': 'md5 of it'}`,
    `[${a},local.csv]`,
    '[s3://repo/main/{a,b}.csv]',
    `['${a}'+'/x']`,
    `todo: ask Jane\nabout: ${a} or so`,
  ])('%s says why nothing of it counts', (value) => {
    expect(addressesOfValue(value)).toMatchObject({ addresses: [{ reason: expect.any(String) }] });
    expect(counted(value)).toEqual([]);
  });
});

describe('a value that a logger has cut', () => {
  const cutReason = 'the value was cut off here when it was logged, so the address may be incomplete';

  test.each([
    [`['${a}', '${b}`, [a]],
    [`['${a}', '${b}...`, [a]],
    [`['${a}', '${b}'`, [a, b]],
    [`['${a}'`, [a]],
    [`{'train': '${a}', 'test': ['${b}`, [a]],
    [`[${a},${b}`, [a]],
    [`["${a}", "${b}`, [a]],
    [`${a},${b}...`, [a]],
    [`shape: (2,)\nSeries: 'p' [str]\n[\n\t"${a}"\n\t"s3://repo/main/long…"\n]`, [a]],
  ])('%s: the whole addresses count, the cut one does not', (value, texts) => {
    expect(counted(value)).toEqual(texts);
  });

  test.each([250, 500, 5_000, 6_000, 8_000])('at %i characters without brackets, too', (length) => {
    const whole = `s3://repo/${commitA}/gold/x.csv`;
    const value = `${whole},s3://repo/${commitB}/gold/y.c`.padStart(length);
    expect(counted(value)).toEqual([whole]);
    expect(addressesOfValue(value)).toMatchObject({ addresses: [{}, { reason: cutReason }] });
    expect(counted(`${value}y`)).toHaveLength(2);
  });

  test('a list cut inside the second commit id does not make that commit a link', () => {
    const first = `s3://repo/${commitA}/gold/x.csv`;
    const list = `['${first}', 's3://repo/${commitB}/gold/y.csv']`;
    const end = list.indexOf(commitB) + 12;
    for (const value of [list.slice(0, end), list.slice(0, end).replaceAll(/['[]/g, '').padStart(250)]) {
      const { found, none } = referencesOf(runView({ params: new Map([['data', value]]) }));
      expect(found.map(({ address }) => [address.ref, address.path])).toEqual([[commitA, 'gold/x.csv']]);
      expect(none.map(({ reason }) => reason)).toEqual([cutReason]);
    }
  });

  test('wherever a printed list or map is cut, what counts was in it as a whole', () => {
    const text = fc.constantFrom(a, b, `s3://repo/${commitA}/gold/x.csv`, 'local.csv', 'a, b', "it's", '');
    const printed = fc.oneof(
      fc.array(text).map(python),
      fc.array(text).map((list) => JSON.stringify(list)),
      fc.dictionary(fc.constantFrom('train', 'test', 'x'), fc.array(text)).map(pythonMap),
    );
    fc.assert(
      fc.property(printed, fc.nat(), (value, at) => {
        const whole = counted(value);
        for (const one of counted(value.slice(0, at % (value.length + 1)))) expect(whole).toContain(one);
      }),
      { numRuns: 500 },
    );
  });
});

function python(list: readonly string[]): string {
  return `[${list.map((one) => (one.includes("'") ? `"${one}"` : `'${one}'`)).join(', ')}]`;
}

function pythonMap(map: Readonly<Record<string, readonly string[]>>): string {
  return `{${Object.entries(map)
    .map(([key, list]) => `'${key}': ${python(list)}`)
    .join(', ')}}`;
}

test('a key of the map that says what a run writes silences its value only', () => {
  const values = [
    `{'train': '${a}', 'output_dir': '${b}'}`,
    `{"train": "${a}", "output": {"dir": "${b}"}}`,
    `OrderedDict([('train', '${a}'), ('save_to', '${b}')])`,
    `Map(train -> ${a}, output -> ${b})`,
    `train: ${a}\noutput:\n  dir: ${b}`,
  ];
  for (const value of values) {
    const { found, none } = referencesOf(runView({ params: new Map([['data', value]]) }));
    expect(found.map(({ address }) => address.path)).toEqual(['a']);
    expect(none).toMatchObject([{ reason: expect.stringContaining('so it may be what the run wrote') }]);
  }
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
  expect(counted(value).filter((one) => !one.startsWith('C:'))).toEqual([]);
});
