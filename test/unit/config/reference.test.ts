import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../../src/config/config-file.js';
import { configSchema } from '../../../src/config/config-schema.js';
import { allOptions } from '../../../src/config/options.js';
import { settingsHelp, settingsReference } from '../../../src/config/reference.js';
import { load } from './fixtures.js';

const docs = new URL('../../../docs/', import.meta.url);

test.each([
  ['settings.md', settingsReference()],
  ['config.schema.json', `${JSON.stringify(configSchema(), null, 2)}\n`],
])('docs/%s is what the table of options makes (UPDATE_DOCS=1 writes it)', (name, text) => {
  const file = new URL(name, docs);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('the help names every variable, in lines that fit', () => {
  const help = settingsHelp(100);
  for (const name of allOptions.flatMap(({ env }) => env)) expect(help).toContain(name);
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('no variable and no key of CONFIG is there twice', () => {
  const names = allOptions.flatMap(({ env }) => env);
  const keys = allOptions.flatMap(({ key }) => key ?? []);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(keys).size).toBe(keys.length);
});

test('the example of the reference is a CONFIG that works', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(settingsReference()) ?? [];
  const names = [...example.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  const env = Object.fromEntries(names.map((name) => [name, `value-of-${name}`]));
  expect(parseConfig(example, env).problems).toEqual([]);
  const settings = load({ ...env, LAKEFS_MLFLOW_CONFIG: '/c.yaml' }, { '/c.yaml': example });
  expect(settings.installations.map(({ name }) => name)).toEqual(
    parse(example).installations.map(({ name }: { name: string }) => name),
  );
});
