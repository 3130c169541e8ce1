import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** True where a source loads a schema, or the library of schemas, when it is run: types alone are erased. */
function loadsSchemas(source: string): boolean {
  const imports = [...source.matchAll(/^import ((?:type )?)([^;]*?) from '([^']+)';/gm)];
  return imports.some(
    ([, type, names = '', from = '']) =>
      type === '' && /(?:^typebox|\/schema\.js)$/.test(from) && !onlyTypes(names),
  );
}

function onlyTypes(names: string): boolean {
  const [, list] = /^\{([^}]*)\}$/.exec(names) ?? [];
  return (list ?? names).split(',').every((name) => /^\s*(?:type |$)/.test(name));
}

// Loading the library takes 0.15 s, which a person at a terminal would wait for with every command.
test('only the API and the schemas themselves load schemas', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const loading = files.filter((name) => loadsSchemas(readFileSync(join('src', name), 'utf8')));
  const elsewhere = loading.filter((name) => !/^(?:api\/|queries\/[^/]+\/schema\.ts$)/.test(name));
  expect(loading.length).toBeGreaterThan(5);
  expect(elsewhere).toEqual([]);
});

test.each([
  ["import Type from 'typebox';", true],
  ["import { check } from './schema.js';", true],
  ["import { type Check, words } from './schema.js';", true],
  ["import { type Check, type Word } from './schema.js';", false],
  ["import type { Check } from './schema.js';", false],
])('%s', (source, loads) => {
  expect(loadsSchemas(source)).toBe(loads);
});
