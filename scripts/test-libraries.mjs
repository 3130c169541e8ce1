// npm run test:libraries: lets real libraries write runs, and holds that we read them as docs/references.md says.
// With LAKEFS_MLFLOW_RECORD=1 what they logged is recorded anew. Arguments go to vitest.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { runInForeground } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';

await setUp('libraries');
process.exitCode = await runInForeground(process.execPath, [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  ...['--config', 'vitest.libraries.config.ts', ...process.argv.slice(2)],
]);
