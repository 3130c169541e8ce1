import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Names that may be exported twice, and why. */
const allowed: Readonly<Record<string, string>> = {
  isNotFound: 'the same question, asked of the errors of one client each',
  count: 'a word in which schemas are written, and one of text',
  run: 'a word in which schemas are written, and what the program does',
};

test('no two files export functions or values of one name', () => {
  const places = new Map<string, Set<string>>();
  for (const folder of ['src', 'hooks', 'workers']) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      // The sandbox is a lakeFS of its own: it has lakeFS's words, and imports nothing of ours.
      if (!name.endsWith('.ts') || name.startsWith('sandbox/')) continue;
      const text = readFileSync(join(folder, name), 'utf8');
      for (const [, exported = ''] of text.matchAll(
        /^export (?:async )?(?:function\*?|const|class) (\w+)/gm,
      )) {
        places.set(exported, (places.get(exported) ?? new Set()).add(join(folder, name)));
      }
    }
  }
  const twice = [...places].filter(([, files]) => files.size > 1).map(([name]) => name);
  expect(twice.sort()).toEqual(Object.keys(allowed).sort());
});
