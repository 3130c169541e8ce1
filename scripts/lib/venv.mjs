import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { cacheFolder } from './paths.mjs';
import { findPython } from './python.mjs';
import { ProgramFailed, run } from './run.mjs';

const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '-q'];

/**
 * The folder of the virtual environment of one MLflow release. It is shared by all clones on this machine.
 *
 * @param {string} mlflow version
 */
function venvFolder(mlflow) {
  return join(cacheFolder(), `mlflow-${mlflow}`);
}

/**
 * The Python of a complete virtual environment.
 *
 * @param {string} mlflow version
 * @returns {string}
 */
export function venvPython(mlflow) {
  return join(venvFolder(mlflow), 'bin', 'python');
}

/**
 * Makes the virtual environment of one MLflow release, unless it is there. A marker file, written last, lists
 * its packages: where it is missing the installation was interrupted, and is done again from the start.
 *
 * @param {import('./python.mjs').Environment} environment
 * @param {(text: string) => void} note
 */
export async function installVenv({ mlflow, packages }, note) {
  const folder = venvFolder(mlflow);
  const marker = join(folder, '.packages');
  const wanted = `${packages.join('\n')}\n`;
  if (await isComplete(mlflow, marker, wanted)) return 'up to date';
  return withLock(
    `${folder}.lock`,
    () => note('another set-up is at it'),
    async () => {
      if (await isComplete(mlflow, marker, wanted)) return 'installed by another set-up';
      const usable = existsSync(marker) && (await runs(venvPython(mlflow)));
      rmSync(marker, { force: true });
      if (!usable) await run(await findPython(), ['-m', 'venv', '--clear', folder]);
      await run(venvPython(mlflow), [...pip, ...packages]);
      writeFileSync(marker, wanted);
      return 'installed';
    },
  );
}

/**
 * @param {string} mlflow
 * @param {string} marker
 * @param {string} wanted
 */
async function isComplete(mlflow, marker, wanted) {
  const complete = existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
  return complete && (await runs(venvPython(mlflow)));
}

/**
 * A virtual environment breaks when the Python that it was made from goes.
 *
 * @param {string} python
 */
async function runs(python) {
  try {
    await run(python, ['-c', '']);
    return true;
  } catch (error) {
    if (error instanceof ProgramFailed) return false;
    throw error;
  }
}
