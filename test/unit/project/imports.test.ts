import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = process.cwd();
const config = join(project, '.dependency-cruiser.json');
const rules: {
  name: string;
  scope?: string;
  from: { path?: string };
}[] = JSON.parse(readFileSync(config, 'utf8')).forbidden;

/** For each rule a file, or a folder, and the imports by which it breaks the rule. */
const breaks: Record<string, Record<string, string>> = {
  'no-cycles': { 'src/queue/one.ts': './two.js', 'src/queue/two.ts': './one.js' },
  'no-cycles-of-folders': {
    'src/lakefs': '',
    'src/lakefs/up.ts': '../http/low.js',
    'src/http/low.ts': '',
    'src/http/up.ts': '../lakefs/low.js',
    'src/lakefs/low.ts': '',
  },
  'contract-imports': { 'src/contract/words.ts': '../domain/link.js' },
  'domain-imports': { 'src/domain/clock.ts': 'node:timers' },
  'sandbox-imports': { 'src/sandbox/server.ts': '../domain/link.js' },
  'http-imports': { 'src/http/send.ts': '../mlflow/client.js' },
  'queue-imports': { 'src/queue/jobs.ts': '../mlflow/client.js' },
  'config-imports': { 'src/config/users.ts': '../server/app.js' },
  'lakefs-imports': { 'src/lakefs/client.ts': '../mlflow/client.js' },
  'mlflow-imports': { 'src/mlflow/runs.ts': '../queue/queue.js' },
  'telemetry-imports': { 'src/telemetry/log.ts': '../config/settings.js' },
  'install-imports': { 'src/install/action.ts': '../mlflow/client.js' },
  'facts-imports': { 'src/facts/runs/reader.ts': '../../queue/queue.js' },
  'queries-imports': { 'src/queries/run/run.ts': '../../../workers/job.js' },
  'hooks-imports': { 'hooks/receive.ts': '../src/mlflow/client.js' },
  'workers-imports': { 'workers/sweep.ts': '../hooks/receive.js' },
  'server-imports': { 'src/server/login.ts': '../facts/runs/reader.js' },
  'dashboard-imports': { 'src/dashboard/board.ts': '../api/router.js' },
  'pages-imports': { 'src/pages/home.ts': '../../workers/job.js' },
  'api-imports': { 'src/api/route.ts': '../cli/lineage.js' },
  'only-main-and-cli-construct': { 'src/main.ts': './sandbox/start.js' },
  'only-the-demo-plays-lakefs': { 'src/cli/lineage.ts': '../sandbox/start.js' },
  'domain-common-is-below': { 'src/domain/common/text.ts': '../paths/glob.js' },
  'domain-sync-is-above': { 'src/domain/paths/layout.ts': '../sync/event.js' },
  'questions-stand-alone': { 'src/queries/compare/compare.ts': '../impact/impact.js' },
  'shared-answers-no-question': { 'src/queries/shared/words.ts': '../impact/other.js' },
  'facts-common-is-below': { 'src/facts/common/cache.ts': '../runs/other.js' },
};

let broken: string[];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-imports-'));
  for (const [rule, files] of Object.entries(breaks)) {
    for (const [file, imported] of Object.entries(files).filter(([path]) => path.endsWith('.ts'))) {
      write(file, imported === '' ? `export const rule = '${rule}';` : `import '${imported}';`);
      const target = join(dirname(file), imported).replace(/\.js$/, '.ts');
      if (imported.startsWith('.') && !(target in files)) write(target, 'export {};');
    }
  }
  const program = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, '--config', config, '--output-type', 'json', 'src', 'hooks', 'workers'];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const violations: { from: string; rule: { name: string } }[] = JSON.parse(output).summary.violations;
  broken = violations.map(({ from, rule }) => `${from} ${rule.name}`);
});

function write(file: string, contents: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  // A file that breaks one rule may be what another imports.
  writeFileSync(join(folder, file), contents, { flag: 'a' });
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(rules)('a file that breaks $name is found', ({ name }) => {
  const [breaker] = Object.keys(breaks[name] ?? {});
  expect(broken).toContain(`${breaker} ${name}`);
});

test('every folder of the source has a rule', () => {
  const folders = readdirSync(join(project, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}`);
  const lacking = [...folders, 'hooks', 'workers'].filter(
    (place) => !rules.some(({ from, scope }) => scope === undefined && from.path?.startsWith(`^${place}/`)),
  );
  expect(lacking).toEqual([]);
});
