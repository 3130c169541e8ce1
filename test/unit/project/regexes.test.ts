import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-regexes-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rules that the linter of `npm run check` finds broken in a file of this content. */
async function brokenRules(content: string): Promise<readonly string[]> {
  const file = join(folder, 'planted.ts');
  writeFileSync(file, content);
  const program = join(process.cwd(), 'node_modules/oxlint/bin/oxlint');
  const args = [program, '-c', join(process.cwd(), '.oxlintrc.json'), '--format', 'json', file];
  const run = promisify(execFile)(process.execPath, args);
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const { diagnostics }: { diagnostics: { code: string }[] } = JSON.parse(stdout);
  return [...new Set(diagnostics.map(({ code }) => code))].sort();
}

test.each([
  ['blanks at the ends of lines', "export const trim = (text: string) => text.replace(/[ \\t]+$/gm, '');"],
  ['slashes at the end', "export const trim = (text: string) => text.replace(/\\/+$/, '');"],
  ['tags of HTML', "export const plain = (text: string) => text.replace(/<[^>]*>/g, ' ');"],
])('a regular expression whose time grows with the square of its input is found: %s', async (_what, code) => {
  expect(await brokenRules(code)).toEqual(['regexp(no-super-linear-move)']);
});

test('so is one that is put together from pieces', async () => {
  const code = "const word = '(?:a+)+';\nexport const words = new RegExp('^' + word + '$');";
  expect(await brokenRules(code)).toEqual(['regexp(no-super-linear-backtracking)']);
});

test('a harmless one is let through', async () => {
  expect(await brokenRules('export const isId = (text: string) => /^[0-9a-f]{64}$/.test(text);')).toEqual([]);
});

test('npm run check scans all code that the service runs', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(scripts.check.split(' && ')).toContain('oxlint src hooks workers scripts');
});
