import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { cacheFolder } from './paths.mjs';
import { findPython } from './python.mjs';
import { ProgramFailed, run } from './run.mjs';

const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '-q'];

/**
 * The folder of a virtual environment. It is shared by all clones on this machine.
 *
 * @param {string} name
 */
function venvFolder(name) {
  return join(cacheFolder(), name);
}

/**
 * The name of the virtual environment of one MLflow release.
 *
 * @param {string} version
 */
export function mlflowVenv(version) {
  return `mlflow-${version}`;
}

/**
 * The Python of a complete virtual environment.
 *
 * @param {string} name
 * @returns {string}
 */
export function venvPython(name) {
  return join(venvFolder(name), 'bin', 'python');
}

/**
 * Makes a virtual environment, unless it is there. A marker file, written last, lists
 * its packages: where it is missing the installation was interrupted, and is done again from the start.
 *
 * @param {{ name: string, packages: readonly string[] }} environment
 * @param {(text: string) => void} note
 */
export async function installVenv({ name, packages }, note) {
  const folder = venvFolder(name);
  const marker = join(folder, '.packages');
  const wanted = `${packages.join('\n')}\n`;
  if (await isComplete(name, marker, wanted)) return 'up to date';
  return withLock(
    `${folder}.lock`,
    () => note('another set-up is at it'),
    async () => {
      if (await isComplete(name, marker, wanted)) return 'installed by another set-up';
      const usable = existsSync(marker) && (await runs(venvPython(name)));
      rmSync(marker, { force: true });
      if (!usable) await run(await findPython(), ['-m', 'venv', '--clear', folder]);
      await run(venvPython(name), [...pip, ...packages]);
      writeFileSync(marker, wanted);
      return 'installed';
    },
  );
}

/**
 * @param {string} name
 * @param {string} marker
 * @param {string} wanted
 */
async function isComplete(name, marker, wanted) {
  const complete = existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
  return complete && (await runs(venvPython(name)));
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
