// npm test: sets up what the tests need, runs the checks and all tests, and sums up. Arguments go to vitest.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from './lib/checks.mjs';
import { build } from './lib/node.mjs';
import { root } from './lib/paths.mjs';
import { ProgramFailed, runInForeground } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';
import { closingLine, countTests, describeServers } from './lib/summary.mjs';

const started = Date.now();
const reports = join(root, '.test-report');
const vitestReport = join(reports, 'vitest.json');
const serversReport = join(reports, 'servers.json');

/** What the build and the checks found wrong: the tests run all the same. @type {string[]} */
const problems = [];

await setUp('test', [
  {
    label: 'Build',
    async act() {
      try {
        return await build();
      } catch (error) {
        if (!(error instanceof ProgramFailed)) throw error;
        problems.push(error.message);
        return 'failed, see below';
      }
    },
  },
  {
    label: 'Checks: types, lint, import directions, unused code',
    async act(note) {
      const found = await runChecks(note);
      problems.push(...found);
      return found.length === 0 ? 'passed' : 'failed, see below';
    },
  },
]);
for (const problem of problems) process.stdout.write(`\n${problem}\n`);

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const exitCode = await runInForeground(
  process.execPath,
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
    ...process.argv.slice(2),
  ],
  { env: { ...process.env, LAKEFS_MLFLOW_TEST_SERVERS_REPORT: serversReport } },
);

const counts = countTests(vitestReport, exitCode);
if (problems.length > 0) counts.failed += 1;
const seconds = Math.round((Date.now() - started) / 1_000);
const lines = [
  ...describeServers(serversReport),
  `Took ${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  ...(problems.length > 0 ? [`Checks failed (counted as one): ${problems.length}, see above the tests`] : []),
  closingLine(counts),
];
process.stdout.write(`\n${lines.join('\n')}\n`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
