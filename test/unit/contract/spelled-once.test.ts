import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { describe, expect, test } from 'vitest';
import { mlflowTag } from '../../../src/contract/tags.js';

/** Tags of ours and of the guide, and MLflow's own that we use, wherever they stand in a text. */
const tagForm = /(?<![\w./-])(?:tags\.)?(?:lakefs(?:\.|\\\.|_)[a-z]\w*|mlflow_exim\.)/g;
const mlflowKeys: readonly string[] = Object.values(mlflowTag);

/** What looks like a tag's key and is none. */
const notTags: readonly { readonly file: RegExp; readonly text: RegExp; readonly reason: string }[] = [
  {
    file: /^src\/config\//,
    text: /^lakefs\.[a-z]/,
    reason: 'settings are called so in the configuration file',
  },
  { file: /^src\/telemetry\/metrics\.ts$/, text: /^lakefs_mlflow_/, reason: 'names of metrics' },
  { file: /^src\/cli\/demo\//, text: /^lakefs\.log$/, reason: "the log of the demo's lakeFS" },
  {
    file: /^src\/queries\/shared\/script-lines\.ts$/,
    text: /lakefs\.repository/,
    reason: "lakeFS's Python library",
  },
];

/** The keys that a source file spells: in strings, templates, regular expressions and names, not in comments. */
function spelledIn(file: string, source: string): readonly string[] {
  return textsOf(parseSync(source, { syntax: 'typescript' })).flatMap((text) => {
    const keys = [...text.matchAll(tagForm)].map(([key]) => key);
    keys.push(...mlflowKeys.filter((key) => text.includes(key)));
    const isAllowed = notTags.some((one) => one.file.test(file) && one.text.test(text));
    return isAllowed ? [] : keys.map((key) => `${file}: ${key}`);
  });
}

function textsOf(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(textsOf);
  const { type, value, raw, pattern } = node as Record<string, unknown>;
  if (type === 'ImportDeclaration') return [];
  if (type === 'StringLiteral' || type === 'Identifier') return [String(value)];
  if (type === 'TemplateElement') return [String(raw)];
  if (type === 'RegExpLiteral') return [String(pattern)];
  return Object.values(node).flatMap(textsOf);
}

function sourcesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('src/contract/'));
}

describe('tag keys', () => {
  test('are spelled in src/contract only', () => {
    const files = ['src', 'hooks', 'workers'].flatMap(sourcesUnder);
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap((file) => spelledIn(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  test.each([
    ['a string', "tags.get('lakefs.status')", 'lakefs.status'],
    ['a name', 'wrote.lakefs_repo', 'lakefs_repo'],
    ['a template', 'const key = `lakefs.input.images`', 'lakefs.input'],
    ['a filter', "const filter = `tags.lakefs_commit = '0a'`", 'tags.lakefs_commit'],
    ['a filter in quotes', "const filter = 'tags.`lakefs.kind`'", 'lakefs.kind'],
    ['a regular expression', 'const form = /^lakefs\\.maybe\\./', 'lakefs\\.maybe'],
    ['a sentence', "const why = 'the run is tagged lakefs.ignore'", 'lakefs.ignore'],
    ["MLflow's own", "tags.get('mlflow.parentRunId')", 'mlflow.parentRunId'],
  ])('are found in %s', (_where, source, key) => {
    expect(spelledIn('src/planted.ts', source)).toEqual([`src/planted.ts: ${key}`]);
  });

  test('may stand in comments and in addresses of files', () => {
    const source =
      "// lakefs.status\n/** lakefs_repo */\nconst folder = '_lakefs_actions/lakefs-mlflow.yaml';";
    expect(spelledIn('src/planted.ts', source)).toEqual([]);
  });
});
