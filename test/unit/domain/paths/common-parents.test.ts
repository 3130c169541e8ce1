import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonParents } from '../../../../src/domain/paths/common-parents.js';
import { isUnder, parentDirectory } from '../../../../src/domain/paths/path.js';

/** The same, said as plainly as can be, in a time that grows with the square of the paths. */
function plainly(paths: readonly string[], limit: number): Map<string, string[]> {
  const left = new Map([...new Set(paths)].map((path) => [path, [path]]));
  while (left.size > limit) {
    const counts = new Map<string, number>();
    for (const path of left.keys())
      if (path !== '') counts.set(parentDirectory(path), (counts.get(parentDirectory(path)) ?? 0) + 1);
    const [[parent] = ['']] = [...counts].sort(
      ([a, countA], [b, countB]) => countB - countA || b.length - a.length || (a < b ? -1 : 1),
    );
    const under = [...left].filter(([path]) => isUnder(path, parent));
    for (const [path] of under) left.delete(path);
    left.set(
      parent,
      under.flatMap(([, all]) => all),
    );
  }
  return left;
}

function sorted(found: ReadonlyMap<string, readonly string[]>): object {
  return [...found].map(([path, all]) => [path, [...all].sort()]).sort();
}

const directory = fc
  .array(fc.constantFrom('a', 'b', 'c', 'ab', 'a-'), { maxLength: 4 })
  .map((segments) => segments.map((segment) => `${segment}/`).join(''));

test('whatever the directories, the busiest parent goes first, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(directory, { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), (paths, limit) => {
      expect(sorted(commonParents(paths, limit))).toEqual(sorted(plainly(paths, limit)));
    }),
    { numRuns: 500 },
  );
});
