// npm run bench: sets up what the benchmarks need, then runs them. See bench/main.ts.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { pythonEnvironments } from './lib/python.mjs';
import { runInForeground } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';
import { mlflowVenv, venvPython } from './lib/venv.mjs';

await setUp('bench');
const python = venvPython(mlflowVenv(pythonEnvironments().newest.mlflow));
process.exitCode = await runInForeground(
  process.execPath,
  ['--import', 'tsx', join(root, 'bench', 'main.ts'), ...process.argv.slice(2)],
  { env: { ...process.env, LAKEFS_MLFLOW_BENCH_PYTHON: python } },
);
