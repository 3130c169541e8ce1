import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** What a text names in code marks that looks like a file or folder of ours. */
function pathsIn(text: string): readonly string[] {
  return [...text.matchAll(/`((?:actions|hooks|workers|src|test)\/[\w./-]*)`/g)].map(([, path = '']) => path);
}

const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

test('every file and folder that CONTRIBUTING names is there', () => {
  const paths = pathsIn(contributing);
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every file and folder that the page names is there', () => {
  const paths = pathsIn(page);
  expect(paths.length).toBeGreaterThan(80);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('each of the 23 promises names code and a test', () => {
  const rows = [...page.matchAll(/^\| (P\d+) [^|]*\|([^|]*)\|([^|]*)\|$/gm)];
  expect(rows.map(([, name]) => name)).toEqual(Array.from({ length: 23 }, (_, index) => `P${index + 1}`));
  for (const [, name, code = '', tests = ''] of rows) {
    expect(pathsIn(code), name).not.toEqual([]);
    expect(
      pathsIn(tests).every((path) => path.endsWith('.test.ts')),
      name,
    ).toBe(true);
    expect(pathsIn(tests), name).not.toEqual([]);
  }
});

test('every folder of the source has its paragraph', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}/`);
  const named = pathsIn(page);
  expect(['hooks/', 'workers/', ...folders].filter((folder) => !named.includes(folder))).toEqual([]);
});

test('the four jobs show the same four steps, in this order', () => {
  const jobs = readdirSync(join(root, 'workers')).filter((name) =>
    /^(link|register|sweep|reconcile)-/.test(name),
  );
  expect(jobs).toHaveLength(4);
  for (const job of jobs) {
    const text = readFileSync(join(root, 'workers', job), 'utf8');
    const calls = ['read', 'decide', 'diff', 'apply'].map((step) =>
      text.search(new RegExp(String.raw`(?:await|return|=) (?:await )?${step}\w*\(`)),
    );
    expect(Math.min(...calls), job).toBeGreaterThan(0);
    expect(
      [...calls].sort((a, b) => a - b),
      job,
    ).toEqual(calls);
  }
});
