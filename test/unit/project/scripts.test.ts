import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** The scripts are plain JavaScript: they run before anything is installed. */
const load = (name: string) => import(new URL(`../../../scripts/lib/${name}.mjs`, import.meta.url).href);
const { countTests, closingLine } = await load('summary');
const { checkNode, packagesAreInstalled } = await load('node');
const { withLock } = await load('lock');
const { runSteps } = await load('steps');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-scripts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the closing line of npm test', () => {
  const file = (results: object[], counts: object = {}) => {
    const path = join(folder, 'report.json');
    const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    writeFileSync(path, JSON.stringify({ ...none, ...counts, testResults: results }));
    return path;
  };

  test('counts todo and pending tests as skipped', () => {
    const report = file([], { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 3 });
    expect(closingLine(countTests(report, 1))).toBe('5 passed, 1 failed, 5 skipped');
  });

  test('counts a file that could not be loaded, or whose set-up failed, as one that failed', () => {
    const results = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'skipped' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
    ];
    expect(countTests(file(results, { numFailedTests: 1 }), 1).failed).toBe(3);
  });

  test('counts a bad exit without a failed test, and a missing report, as a failure', () => {
    expect(countTests(file([], { numPassedTests: 5 }), 1)).toMatchObject({ passed: 5, failed: 1 });
    expect(countTests(join(folder, 'none.json'), 0).failed).toBe(1);
  });
});

describe('set-up', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '100.1.0'])('accepts Node %s', (version) => {
    expect(checkNode(version)).toBe(`Node ${version}`);
  });

  test.each(['20.18.3', '18.20.0', '9.99.0'])('refuses Node %s and says which it needs', (version) => {
    expect(() => checkNode(version)).toThrow(`Node 20.19 or newer is needed, this is ${version}`);
  });

  test('knows installed packages from missing and outdated ones', () => {
    const lock = (path: string, packages: object) =>
      writeFileSync(join(folder, path), JSON.stringify({ packages }));
    const wanted = { '': {}, 'node_modules/a': { version: '2.0.0' } };
    mkdirSync(join(folder, 'node_modules'));
    lock('package-lock.json', { ...wanted, 'node_modules/elsewhere': { version: '1.0.0', optional: true } });
    expect(packagesAreInstalled(folder)).toBe(false);
    lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
    expect(packagesAreInstalled(folder)).toBe(false);
    lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '2.0.0' } });
    expect(packagesAreInstalled(folder)).toBe(true);
  });

  test('two at once do their work one after the other', async () => {
    const lock = join(folder, 'deep', 'lock');
    const story: string[] = [];
    const work = (name: string) =>
      withLock(
        lock,
        () => story.push(`${name} waits`),
        async () => {
          story.push(`${name} starts`);
          await new Promise((resolve) => setImmediate(resolve));
          story.push(`${name} ends`);
        },
      );
    await Promise.all([work('one'), work('two')]);
    expect(story).toEqual(['one starts', 'two waits', 'one ends', 'two starts', 'two ends']);
  });

  test('the lock of a process that was killed is taken over', async () => {
    const lock = join(folder, 'lock');
    mkdirSync(lock);
    const minuteAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, minuteAgo, minuteAgo);
    expect(
      await withLock(
        lock,
        () => {},
        async () => 'done',
      ),
    ).toBe('done');
  });

  test('a failed step ends its line and the steps', async () => {
    let printed = '';
    const stream = { isTTY: false, write: (text: string) => (printed += text) };
    const steps = [
      { label: 'First', act: async (note: (text: string) => void) => note('looking') },
      { label: 'Second', act: () => Promise.reject(new Error('no network')) },
      { label: 'Third', act: async () => 'never' },
    ];
    await expect(runSteps(steps, stream)).rejects.toThrow('no network');
    expect(printed).toBe('[1/3] First ... (looking) done\n[2/3] Second ... failed\n');
  });
});
