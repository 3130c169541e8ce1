import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = process.cwd();
let broken: string[];
let folder: string;

/** Each file breaks one rule by what it imports. */
const fixture: Record<string, string> = {
  'src/domain/decision.ts': "import '../mlflow/client.js';",
  'src/mlflow/client.ts': "import '../queue/queue.js';",
  'src/queue/queue.ts': "import './other.js';",
  'src/queue/other.ts': "import './queue.js';",
  'src/sandbox/server.ts': "import '../domain/decision.js';",
  'src/main.ts': "import './sandbox/server.js';",
  'src/queries/run/run.ts': "import '../shared/words.js'; import '../impact/impact.js';",
  'src/queries/impact/impact.ts': '',
  'src/queries/shared/words.ts': "import '../impact/impact.js';",
  'hooks/hook.ts': "import '../src/mlflow/client.js';",
  'workers/job.ts': "import '../hooks/hook.js'; import '../src/main.js';",
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-imports-'));
  for (const [file, contents] of Object.entries(fixture)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), contents);
  }
  const program = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(project, '.dependency-cruiser.json');
  const args = [program, '--config', config, '--output-type', 'json', 'src', 'hooks', 'workers'];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
  const violations: { from: string; rule: { name: string } }[] = JSON.parse(output).summary.violations;
  broken = violations.map(({ from, rule }) => `${from} ${rule.name}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['src/domain/decision.ts', 'domain-imports-nothing'],
  ['src/mlflow/client.ts', 'clients-know-only-domain-and-http'],
  ['src/queue/other.ts', 'no-cycles'],
  ['src/sandbox/server.ts', 'sandbox-imports-nothing-of-ours'],
  ['src/main.ts', 'sandbox-stands-alone'],
  ['src/queries/run/run.ts', 'questions-stand-alone'],
  ['src/queries/shared/words.ts', 'shared-answers-no-question'],
  ['hooks/hook.ts', 'hooks-know-lakefs-events-not-mlflow'],
  ['workers/job.ts', 'workers-never-import-the-edge'],
  ['workers/job.ts', 'only-main-and-cli-construct'],
])('%s breaks %s, and the check says so', (file, rule) => {
  expect(broken).toContain(`${file} ${rule}`);
});
