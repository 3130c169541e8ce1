import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedQueueInUseError, type Lock, takeLock } from '../../queue/embedded-lock.js';
import { CliError, exitCodes } from '../output.js';

const readme = 'README.txt';
const lockFile = 'demo.lock';
const firstLine = 'Made by "lakefs-mlflow demo".';
const text = `${firstLine}
It holds the data and logs of the demo's servers and nothing else: delete it
whenever no demo runs. "lakefs-mlflow demo --clean" empties it and starts over.
`;

/**
 * Makes the demo's folder, or takes the one of an earlier start, for one demo at a time.
 *
 * @throws CliError where the folder holds something else, or another demo runs in it
 */
export function takeFolder(folder: string): Lock {
  const mark = join(folder, readme);
  if (existsSync(folder) && readdirSync(folder).length > 0 && !isOurs(mark)) {
    throw new CliError(
      `${folder} holds something else than a demo's data: name an empty or new folder with --dir`,
      exitCodes.usage,
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(mark, text);
  try {
    return takeLock(join(folder, lockFile));
  } catch (error) {
    if (!(error instanceof EmbeddedQueueInUseError)) throw error;
    const who = error.holder === undefined ? 'another demo' : `another demo (process ${error.holder.pid})`;
    throw new CliError(`${who} runs in ${folder}: stop it with Ctrl-C, or name another folder with --dir`);
  }
}

/** Removes all that earlier starts have left. Call it with the lock held and their programs ended. */
export function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== readme && name !== lockFile) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isOurs(mark: string): boolean {
  return existsSync(mark) && readFileSync(mark, 'utf8').startsWith(firstLine);
}
