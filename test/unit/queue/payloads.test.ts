import { describe, expect, test } from 'vitest';
import { createPayloadReader } from '../../../src/queue/payloads.js';

const commit = 'a'.repeat(64);
const good = { v: 1, installation: 'default', repository: 'repo', commit };

describe('a payload is refused', () => {
  test.each([
    ['null', null],
    ['a list', []],
    ['nothing', undefined],
    ['no version', { ...good, v: undefined }],
    ['a version as text', { ...good, v: '1' }],
    ['a short commit', { ...good, commit: 'abc' }],
    ['a commit in capitals', { ...good, commit: commit.toUpperCase() }],
    ['a commit with a newline', { ...good, commit: `${commit}\n` }],
    ['a repository with a slash', { ...good, repository: 'a/b/c' }],
    ['an empty installation', { ...good, installation: '' }],
    ['an empty branch', { ...good, branch: '' }],
    ['a number for a name', { ...good, installation: 1 }],
  ])('with %s', (_what, payload) => {
    expect(() => createPayloadReader().read('register-commit', payload)).toThrow(
      /the payload of register-commit is not valid: /,
    );
  });

  test('with everything that is wrong in one message', () => {
    expect(() => createPayloadReader().read('link-run', { v: 1 })).toThrow(/'server'.*'run'/);
  });

  test('where it is of a newer version, with what to do', () => {
    expect(() => createPayloadReader().read('register-commit', { ...good, v: 7 })).toThrow(
      /is version 7: upgrade this process, then retry the job/,
    );
  });
});

test('a payload that fits is handed back as it is', () => {
  expect(createPayloadReader().read('register-commit', good)).toBe(good);
});
