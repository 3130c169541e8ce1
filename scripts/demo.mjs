// npm run demo: sets up what the demo needs, then runs it. See src/cli/demo.ts.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { pythonEnvironments } from './lib/python.mjs';
import { runInForeground } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';
import { mlflowVenv, venvPython } from './lib/venv.mjs';

await setUp('demo');
const python = venvPython(mlflowVenv(pythonEnvironments().newest.mlflow));
process.exitCode = await runInForeground(
  process.execPath,
  [join(root, 'dist', 'src', 'cli', 'main.js'), 'demo', ...process.argv.slice(2)],
  { env: { ...process.env, LAKEFS_MLFLOW_DEMO_PYTHON: python } },
);
