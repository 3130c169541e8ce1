import { readFileSync } from 'node:fs';
import { onPath } from './paths.mjs';
import { aptInstall, canInstall } from './programs.mjs';
import { ProgramFailed, run } from './run.mjs';

/** As the MLflow releases that we install ask for. */
const oldestMinor = 10;

/** The system's own name first: what people have set up is what they expect to be used. */
const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

const withoutVenv = 'cannot make virtual environments (Debian and Ubuntu: apt-get install python3-venv)';

const question =
  'import sys, venv, ensurepip; print(sys.version_info[0], sys.version_info[1], sys.executable)';

/**
 * What set-up installs: the MLflow releases that the project is tested on, and what the demo's scripts import.
 *
 * @returns {{ newest: Environment, older: Environment }}
 * @typedef {{ mlflow: string, packages: string[] }} Environment
 */
export function pythonEnvironments() {
  return JSON.parse(readFileSync(new URL('./python-packages.json', import.meta.url), 'utf8'));
}

/**
 * The Python that makes the virtual environments. Debian splits the module that makes them off into a package;
 * as root it is installed.
 *
 * @returns {Promise<string>} its absolute path
 * @throws where there is none
 */
export async function findPython() {
  const first = await askAll();
  if (first.executable !== undefined) return first.executable;
  if (first.seen.some((line) => line.endsWith(withoutVenv)) && canInstall()) {
    await aptInstall('python3-venv');
    const second = await askAll();
    if (second.executable !== undefined) return second.executable;
  }
  const { seen } = first;
  const found = seen.length === 0 ? 'none was found on the PATH' : `found only\n  ${seen.join('\n  ')}`;
  throw new Error(`Python 3.${oldestMinor} or newer is needed: ${found}`);
}

/** @returns {Promise<{ executable?: string, seen: string[] }>} the first that will do, or why none does */
async function askAll() {
  /** @type {string[]} */
  const seen = [];
  for (const name of names) {
    const program = onPath(name);
    if (program === undefined) continue;
    const { executable, problem } = await ask(program);
    if (executable !== undefined) return { executable, seen };
    seen.push(`${program} ${problem}`);
  }
  return { seen };
}

/**
 * @param {string} program
 * @returns {Promise<{ executable?: string, problem?: string }>}
 */
async function ask(program) {
  try {
    const [major, minor, ...executable] = (await run(program, ['-c', question])).trim().split(' ');
    if (Number(major) === 3 && Number(minor) >= oldestMinor) return { executable: executable.join(' ') };
    return { problem: `is Python ${major}.${minor}` };
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    if (/No module named '?(venv|ensurepip)/.test(error.message)) {
      return { problem: withoutVenv };
    }
    return { problem: `does not run: ${error.message.split('\n').at(-1)}` };
  }
}
