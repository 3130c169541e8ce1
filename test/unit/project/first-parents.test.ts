import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Reads a log along first parents, or goes on from a commit to its first parent. */
const steps = /firstParent: true|\b(\w+) = [^\n]*\b\1\.parents\[0\]/;

test('first parents are walked in one place over lakeFS, and in one over commits that were read', () => {
  const files = ['src', 'hooks', 'workers']
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => `${folder}/${file}`))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('src/sandbox/'));
  expect(files.filter((file) => steps.test(readFileSync(file, 'utf8'))).sort()).toEqual([
    'src/domain/sync/reconcile.ts',
    'src/facts/commits/commit-graph.ts',
    // Streams a log with its messages for people.
    'src/queries/path/versions.ts',
  ]);
});
