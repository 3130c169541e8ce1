import { libraries, libraryVenv } from './libraries.mjs';
import { build, checkNode, installPackages } from './node.mjs';
import { findOrInstall, optionalPrograms } from './programs.mjs';
import { pythonEnvironments } from './python.mjs';
import { runSteps } from './steps.mjs';
import { installVenv, mlflowVenv } from './venv.mjs';

/** @typedef {import('./steps.mjs').Step} Step */

/** @type {Step} */
const packages = { label: 'Node packages', act: installPackages };

/** @type {Step} */
const compiled = { label: 'Build', act: build };

/**
 * @param {import('./python.mjs').Environment} environment
 * @returns {Step}
 */
function mlflow(environment) {
  return {
    label: `MLflow ${environment.mlflow} in a virtual environment`,
    act: (note) => installVenv({ ...environment, name: mlflowVenv(environment.mlflow) }, note),
  };
}

/**
 * @param {'redis' | 'chromium'} name
 * @returns {Step}
 */
function program(name) {
  const wanted = optionalPrograms[name];
  return { label: wanted.label, act: (note) => findOrInstall(wanted, note) };
}

/** What each command needs, in the order in which it is set up. */
const needs = {
  demo: () => [packages, compiled, mlflow(pythonEnvironments().newest)],
  bench: () => [packages, compiled, mlflow(pythonEnvironments().newest), program('redis')],
  libraries: () => [
    packages,
    compiled,
    mlflow(pythonEnvironments().newest),
    ...libraries().map((library) => ({
      label: `${library.name} in a virtual environment`,
      act: (/** @type {(text: string) => void} */ note) =>
        installVenv({ ...library, name: libraryVenv(library.name) }, note),
    })),
  ],
  test: () => {
    const { newest, older } = pythonEnvironments();
    return [packages, mlflow(newest), mlflow(older), program('redis'), program('chromium')];
  },
};

/**
 * Sets up what a command needs, with a progress line per step, and ends the process with exit code 1 and one
 * message where that is not possible.
 *
 * @param {'demo' | 'bench' | 'libraries' | 'test'} command
 * @param {readonly Step[]} [further] steps of the command itself
 */
export async function setUp(command, further = []) {
  try {
    checkNode();
    await runSteps([...needs[command](), ...further]);
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}
