import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';
import { ProgramFailed, run } from './run.mjs';

/**
 * Runs each command of `npm run check`, beside each other, and all of them even where one fails.
 *
 * @param {(text: string) => void} note
 * @returns {Promise<string[]>} what the failed ones printed
 */
export async function runChecks(note) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const bin = join(root, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  /** @param {string} check */
  async function problemOf(check) {
    const [command = '', ...args] = check.split(' ');
    try {
      await run(command, args, { env });
      return [];
    } catch (error) {
      if (!(error instanceof ProgramFailed)) throw error;
      note(`"${check}" failed`);
      return [error.message];
    }
  }
  return (await Promise.all(scripts.check.split(' && ').map(problemOf))).flat();
}
