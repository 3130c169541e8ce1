import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyDiff, diffTags, isEmptyDiff } from '../../../src/contract/diff-tags.js';
import { isContractKey } from '../../../src/contract/tags.js';

const ours = ['lakefs.status', 'lakefs.because', 'lakefs_repo', 'lakefs.links', 'lakefs.input.images'];
const foreign = ['owner', 'mlflow.runName', 'lakefs.mine', 'lakefs_dataset'];
const values = fc.constantFrom('a', 'b', 'c');
const tagsWith = (keys: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...keys), values).map((tags) => new Map(Object.entries(tags)));
const anything = tagsWith([...ours, ...foreign]);

test('once the difference is written, the tags are as desired and the others as they were', () => {
  fc.assert(
    fc.property(anything, tagsWith(ours), (current, desired) => {
      const after = applyDiff(current, diffTags(current, desired, { mayRemove: () => true }));
      const others = [...current].filter(([key]) => foreign.includes(key));
      expect(Object.fromEntries(after)).toEqual(Object.fromEntries([...others, ...desired]));
    }),
  );
});

test('nothing outside the closed list is written or removed, even where it is desired', () => {
  fc.assert(
    fc.property(anything, anything, (current, desired) => {
      const { set, remove } = diffTags(current, desired, { mayRemove: () => true });
      expect([...set.keys(), ...remove].filter((key) => !isContractKey(key))).toEqual([]);
    }),
  );
});

test('nothing is left to do once the difference is written', () => {
  fc.assert(
    fc.property(anything, anything, fc.boolean(), fc.boolean(), (current, desired, removes, kept) => {
      const rights = { mayRemove: () => removes, keeps: () => kept };
      const after = applyDiff(current, diffTags(current, desired, rights));
      expect(isEmptyDiff(diffTags(after, desired, rights))).toBe(true);
    }),
  );
});

test('a value that is kept stays, and what may not be removed stays', () => {
  const current = new Map([
    ['lakefs_repo', 'mine'],
    ['lakefs.because', 'earlier'],
  ]);
  const desired = new Map([
    ['lakefs_repo', 'images'],
    ['lakefs.status', 'current'],
  ]);
  expect(diffTags(current, desired, { keeps: (key) => key === 'lakefs_repo' })).toEqual({
    set: new Map([['lakefs.status', 'current']]),
    remove: [],
  });
});

test('the order of writing is that of the desired tags, and what goes is sorted', () => {
  const current = new Map(['lakefs.status', 'lakefs.because'].map((key) => [key, 'x']));
  const desired = new Map(['lakefs_repo', 'lakefs.links', 'lakefs.evidence'].map((key) => [key, 'y']));
  const { set, remove } = diffTags(current, desired, { mayRemove: () => true });
  expect([...set.keys()]).toEqual([...desired.keys()]);
  expect(remove).toEqual(['lakefs.because', 'lakefs.status']);
});
