import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { onPath } from './paths.mjs';
import { optionalPrograms } from './programs.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Counts the tests of vitest's JSON report. A file that failed without a failed test (it could not be loaded, or
 * its set-up failed) counts as one that failed; so do a missing report and errors outside of tests.
 *
 * @param {string} file
 * @param {number} exitCode vitest's
 * @returns {Counts}
 */
export function countTests(file, exitCode) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  /** @param {{ status: string, assertionResults: { status: string }[] }} result */
  const broken = ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  const failed = report.numFailedTests + report.testResults.filter(broken).length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Says which real servers the tests ran against.
 *
 * @param {string} file as test/support/servers/global-setup.ts writes it
 * @returns {string[]} lines
 */
export function describeServers(file) {
  const atHand = [versionOf(...optionalPrograms.chromium.names), versionOf('postgres')].filter(
    (version) => version !== undefined,
  );
  const others = `At hand for tests that start them: ${atHand.join(', ') || 'neither Chromium nor PostgreSQL'}`;
  if (!existsSync(file)) return ['Real servers: none was started, no selected test needs them', others];
  const { mlflow, redis, lakefs } = JSON.parse(readFileSync(file, 'utf8'));
  return [
    'Real servers:',
    `  MLflow  ${mlflow.join(' and ')}`,
    `  Redis   ${redis ?? 'none: its tests are left out'}`,
    `  lakeFS  ${lakefs ?? 'none, the sandbox only: put lakefs on the PATH or set LAKEFS_TEST_ENDPOINT'}`,
    others,
  ];
}

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** @param {...string} names of a program, the first one found is asked */
function versionOf(...names) {
  const program = onPath(...names);
  if (program === undefined) return undefined;
  try {
    return execFileSync(program, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
