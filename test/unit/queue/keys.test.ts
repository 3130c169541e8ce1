import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobKey, newJobId } from '../../../src/queue/keys.js';

const run = (server: string, id: string) => jobKey('link-run', { v: 1, server, run: id });

test('two jobs have one key exactly where all parts of their keys are equal', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
      const same = a === c && b === d;
      expect(run(a, b).deduplicationId === run(c, d).deduplicationId).toBe(same);
    }),
  );
  expect(run('a', 'bc').deduplicationId).not.toBe(run('ab', 'c').deduplicationId);
});

test('the branch is a label: it makes no other key', () => {
  const payload = { v: 1, installation: 'default', repository: 'repo', commit: 'a'.repeat(64) } as const;
  expect(jobKey('register-commit', { ...payload, branch: 'main' })).toEqual(
    jobKey('register-commit', payload),
  );
});

test('every add has an id of its own, which BullMQ accepts and which starts with its key', () => {
  const key = run('default', 'r1');
  const ids = Array.from({ length: 100 }, () => newJobId(key, false));
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) {
    expect(id).toMatch(/^link-run_[0-9a-f]{24}_[0-9a-f]{16}$/);
    expect(id.startsWith(key.idPrefix)).toBe(true);
  }
});

test('a waiting check is no recheck', () => {
  const payload = { v: 1, installation: 'default', repository: 'repo' } as const;
  const recheck = jobKey('reconcile-repository', { ...payload, recheck: true });
  expect(recheck).not.toEqual(jobKey('reconcile-repository', payload));
});
