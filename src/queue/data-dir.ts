import { existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The folder of the service cannot be used; nothing was started. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
  readonly exitCode = 1;
}

/** What a new embedded queue takes, in bytes, and a little more. */
const needed = 40 * 1024 * 1024;

/** Makes the folder and runs `use`, which writes there. @throws DataDirError that says what is wrong with the folder */
export function inDataDir<T>(dataDir: string, use: () => T): T {
  try {
    makeFolder(dataDir);
    return use();
  } catch (error) {
    const problem = explain(error, dataDir);
    if (problem === undefined) throw error;
    throw new DataDirError(problem, { cause: error });
  }
}

/** Undefined where there is room for an embedded queue, or nobody can tell. */
export function roomProblem(dataDir: string): string | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(dataDir);
    const free = bavail * bsize;
    // Some network file systems know no size.
    if (blocks === 0 || free >= needed) return undefined;
    return (
      `only ${Math.floor(free / 1e6)} MB are free on the disk of ${dataDir}, and the embedded queue needs ` +
      `${Math.ceil(needed / 1e6)} MB to start: free some space there, set LAKEFS_MLFLOW_DATA_DIR to a folder on another ` +
      'disk, or LAKEFS_MLFLOW_QUEUE_URL to a Redis or PostgreSQL server'
    );
  } catch {
    return undefined;
  }
}

function explain(error: unknown, dataDir: string): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `LAKEFS_MLFLOW_DATA_DIR is ${dataDir}, which is a file: name a folder, or move the file away`;
    case 'EACCES':
    case 'EPERM':
      return `LAKEFS_MLFLOW_DATA_DIR is ${dataDir}, but the user of this process may not write there: make that user the owner of the folder, or name another one`;
    case 'ENOENT':
      return `LAKEFS_MLFLOW_DATA_DIR is ${dataDir}, but no folder can be created there: name another one`;
    case 'EROFS':
      return `LAKEFS_MLFLOW_DATA_DIR is ${dataDir}, which is on a read-only file system: name a folder on another one`;
    case 'ENOSPC':
    case 'EDQUOT':
      return (
        roomProblem(dirname(dataDir)) ?? `the disk of ${dataDir} is full (${code}): free some space on it`
      );
    default:
      return undefined;
  }
}

/**
 * Makes a folder that only its owner may enter, and the folders above it that are missing. In place of Node's own
 * `recursive`, which on some special file systems never returns (Node 20.20).
 *
 * @throws what the file system says: EEXIST or ENOTDIR where a file is in the way, ENOENT where no folder can be made
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    makeFolder(dirname(folder));
    makeFolder(folder);
  }
}
