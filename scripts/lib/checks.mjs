import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';
import { ProgramFailed, run } from './run.mjs';

/**
 * Runs each command of `npm run check`, all of them even where one fails.
 *
 * @param {(text: string) => void} note
 * @returns {Promise<string[]>} what the failed ones printed
 */
export async function runChecks(note) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const bin = join(root, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  /** @type {string[]} */
  const problems = [];
  for (const check of scripts.check.split(' && ')) {
    const [command, ...args] = check.split(' ');
    try {
      await run(command, args, { env });
    } catch (error) {
      if (!(error instanceof ProgramFailed)) throw error;
      note(`"${check}" failed`);
      problems.push(error.message);
    }
  }
  return problems;
}
