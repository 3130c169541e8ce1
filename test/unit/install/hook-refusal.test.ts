import { expect, test } from 'vitest';
import { describeRefusal, parseRefusal } from '../../../src/install/hook-refusal.js';

function told(detail: string): string {
  const refusal = parseRefusal(detail);
  if (refusal === undefined) throw new Error('it was not known for a refusal');
  return describeRefusal(refusal);
}

// What lakeFS 1.84 answers, with its line breaks made blanks.
test('A file that lakeFS cannot read is named, with what to do', () => {
  expect(
    told(
      "prepare-commit hook aborted, run id '4ojf': 1 error occurred: * parsing file _lakefs_actions/bad.yaml: 'name' is required: invalid action",
    ),
  ).toBe(
    "lakeFS cannot read the action file _lakefs_actions/bad.yaml on this branch ('name' is required: invalid action) and refuses " +
      'every commit until it can: correct or delete that file on the branch, commit that (lakeFS notices the change within ' +
      '10 seconds), then run this again',
  );
});

test('A folder among the action files is named too', () => {
  expect(
    told(
      "pre-merge hook aborted, run id '4ojf': 1 error occurred: * loading file _lakefs_actions/old/: get action file metadata _lakefs_actions/old/: not found",
    ),
  ).toContain('cannot read the action file _lakefs_actions/old/');
});

test('A Lua hook is named with its error, without the trace', () => {
  const text = told(
    `update branch main: pre-merge hook aborted, run id '4ojf': 1 error occurred: * hook run id '0000_0000' failed on action 'guard' hook 'lua_check': action failed: runtime error: [string "lua"]:1: ticket is missing stack traceback: [Go]: in ?`,
  );
  expect(text).toContain(
    'hook "lua_check" of action "guard" refused it (pre-merge): runtime error: [string "lua"]:1: ticket is missing. ',
  );
  expect(text).toContain('--metadata KEY=VALUE');
});

test('A missing variable of another action is reported as it is', () => {
  expect(
    told("pre-commit hook aborted, run id '4ojf': reading header: LAKEFSACTION_X not found: missing env var"),
  ).toContain('LAKEFSACTION_X not found: missing env var');
});

test.each(['', 'commit: no changes', 'predicate failed', 'hook aborted'])('"%s" is no refusal', (detail) => {
  expect(parseRefusal(detail)).toBeUndefined();
});
