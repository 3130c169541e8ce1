import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const project = process.cwd();

let folder: string;
let installed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-package-'));
  installed = join(folder, 'installed');
  mkdirSync(installed);
  // Packing compiles anew: done in a copy, as other tests start the program of this folder.
  await run('npm', ['pack', '--pack-destination', folder], { cwd: copyOfProject(join(folder, 'project')) });
  const [tarball = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  writeFileSync(join(installed, 'package.json'), '{"name":"newcomer","private":true,"type":"module"}');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball)], {
    cwd: installed,
  });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Its sources, without what was made of them; the packages are those of the project. */
function copyOfProject(copy: string): string {
  mkdirSync(copy);
  for (const name of readdirSync(project)) {
    if (name.startsWith('.') || name === 'dist' || name === 'node_modules') continue;
    cpSync(join(project, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'), 'dir');
  return copy;
}

test('the command of the installed package prints its help', async () => {
  const { stdout } = await run('npx', ['--no-install', 'lakefs-mlflow', '--help'], { cwd: installed });
  expect(stdout).toContain('Usage: lakefs-mlflow');
});

test('the installed command says the version of package.json', async () => {
  const { stdout } = await run('npx', ['--no-install', 'lakefs-mlflow', '--version'], { cwd: installed });
  expect(stdout.trim()).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

test('lakefs-mlflow/mlflow can be imported', async () => {
  writeFileSync(
    join(installed, 'use.mjs'),
    "import { Mlflow } from 'lakefs-mlflow/mlflow';\nconsole.log(typeof new Mlflow('http://127.0.0.1:5000'));\n",
  );
  const { stdout } = await run(process.execPath, ['use.mjs'], { cwd: installed });
  expect(stdout.trim()).toBe('object');
});

test('the types of lakefs-mlflow/mlflow hold right use and refuse wrong use', async () => {
  // A strict newcomer who checks libraries too; Node's types come from the project.
  mkdirSync(join(installed, 'node_modules', '@types'), { recursive: true });
  symlinkSync(join(project, 'node_modules/@types/node'), join(installed, 'node_modules/@types/node'), 'dir');
  writeFileSync(
    join(installed, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] },
      files: ['use.ts'],
    }),
  );
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  writeFileSync(
    join(installed, 'use.ts'),
    [
      "import { RunClient } from 'lakefs-mlflow/mlflow';",
      "const client = new RunClient('http://127.0.0.1:5000');",
      "const done: Promise<void> = client.setTag('run', 'key', 'value').then(() => undefined);",
      'await done;',
      '// @ts-expect-error a tag is a text',
      "await client.setTag('run', 'key', 1);",
    ].join('\n'),
  );
  const { stdout } = await run(process.execPath, [tsc, '-p', '.'], { cwd: installed }).catch(
    (error) => error,
  );
  expect(stdout).toBe('');
});

test('the package holds the program, the action and no source of tests', async () => {
  const root = join(installed, 'node_modules/lakefs-mlflow');
  expect(readdirSync(root).sort()).toEqual(
    expect.arrayContaining(['LICENSE', 'actions', 'dist', 'package.json']),
  );
  expect(readdirSync(join(root, 'dist')).sort()).toEqual(['hooks', 'src', 'workers']);
  expect(readdirSync(join(root, 'actions'))).toContain('lakefs-mlflow.yaml');
});
