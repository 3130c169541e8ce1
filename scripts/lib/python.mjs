import { readFileSync } from 'node:fs';
import { onPath } from './paths.mjs';
import { ProgramFailed, run } from './run.mjs';

/** As the MLflow releases that we install ask for. */
const oldestMinor = 10;

/** The system's own name first: what people have set up is what they expect to be used. */
const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

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
 * @returns {Promise<string>} the absolute path of a Python that can make virtual environments
 * @throws where there is none
 */
export async function findPython() {
  /** @type {string[]} */
  const seen = [];
  for (const name of names) {
    const program = onPath(name);
    if (program === undefined) continue;
    const answer = await ask(program);
    if (answer.executable !== undefined) return answer.executable;
    seen.push(`${program}: ${answer.problem}`);
  }
  const found = seen.length === 0 ? 'none was found on the PATH' : `found only\n  ${seen.join('\n  ')}`;
  throw new Error(`Python 3.${oldestMinor} or newer is needed: ${found}`);
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
      return { problem: 'has no venv module (Debian and Ubuntu: apt-get install python3-venv)' };
    }
    return { problem: error.message.split('\n').at(-1) ?? '' };
  }
}
