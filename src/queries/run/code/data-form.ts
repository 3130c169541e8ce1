import { isNoData } from '../../../domain/paths/no-data.js';
import { asDirectory, isPattern, literalPart } from '../../../domain/paths/path.js';
import { isNotFound } from '../../../lakefs/errors.js';
import type { LakefsClient } from '../../../lakefs/types.js';

export type Format = 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'delta' | 'unknown';

/** What lies at a path, as far as loading it needs to know. */
export interface DataForm {
  readonly format: Format;
  readonly directory: boolean;
  /** How the names of its files end, such as `.csv.gz`; empty where not known. */
  readonly suffix: string;
  /** Set where the path is a pattern, of which each file that it names is meant. */
  readonly pattern?: true;
}

const endings = /\.(csv|tsv|jsonl|ndjson|json|parquet|pq)(\.(?:gz|bz2|xz|zst|zip))?$/i;

/** Entries of a directory that are read. */
const maxEntries = 1_000;

/** The form by a file's name. */
export function formOfFile(path: string): DataForm {
  const found = endings.exec(path);
  const ending = found?.[1]?.toLowerCase();
  const suffix = found?.[0] ?? '';
  if (ending === 'pq' || ending === 'parquet') return { format: 'parquet', directory: false, suffix };
  if (ending === 'ndjson' || ending === 'jsonl') return { format: 'jsonl', directory: false, suffix };
  if (ending === 'csv' || ending === 'tsv' || ending === 'json')
    return { format: ending, directory: false, suffix };
  return { format: 'unknown', directory: false, suffix: '' };
}

/** Where the data cannot be read: what its path alone says. */
export function guessForm(path: string): DataForm {
  if (isPattern(path)) return formOfPattern(path, unknownDirectory);
  if (path === '' || path.endsWith('/')) return unknownDirectory;
  return formOfFile(path);
}

const unknownDirectory: DataForm = { format: 'unknown', directory: true, suffix: '' };

/** By how its names end; else by what lies in the directory before its first sign. A table is no pattern of files. */
function formOfPattern(path: string, directory: DataForm): DataForm {
  const own = formOfFile(path);
  const { format, suffix } = own.format === 'unknown' && directory.format !== 'delta' ? directory : own;
  return { format, directory: true, suffix, pattern: true };
}

/**
 * Finds out what is at a path of a commit, by one to three listings. Guesses where the commit is not there; throws
 * what the lakeFS client throws otherwise.
 */
export async function readForm(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  path: string,
): Promise<DataForm> {
  try {
    if (path !== '' && !path.endsWith('/') && (await isObject(lakefs, repository, commit, path))) {
      return formOfFile(path);
    }
    if (isPattern(path)) {
      return formOfPattern(path, await readForm(lakefs, repository, commit, literalPart(path)));
    }
    const directory = asDirectory(path);
    const top = await formOfListing(
      lakefs.objects(repository, commit, { prefix: directory, delimiter: '/' }),
    );
    if (top !== undefined) return top;
    return (
      (await formOfListing(lakefs.objects(repository, commit, { prefix: directory }))) ?? guessForm(path)
    );
  } catch (error) {
    if (isNotFound(error)) return guessForm(path);
    throw error;
  }
}

/** The object itself sorts before everything that begins with its name. */
async function isObject(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  path: string,
): Promise<boolean> {
  for await (const object of lakefs.objects(repository, commit, { prefix: path })) {
    return object.path === path;
  }
  return false;
}

/** The form of a directory by its entries: a Delta log wins, else the first name that tells. */
async function formOfListing(entries: ReturnType<LakefsClient['objects']>): Promise<DataForm | undefined> {
  let found: DataForm | undefined;
  let seen = 0;
  let data = false;
  for await (const { path, path_type } of entries) {
    if (path_type === 'common_prefix') {
      if (path.endsWith('_delta_log/')) return { format: 'delta', directory: true, suffix: '' };
    } else if (!isNoData(path)) {
      data = true;
      const { format, suffix } = formOfFile(path);
      if (format !== 'unknown') found ??= { format, directory: true, suffix };
    }
    seen += 1;
    if (seen >= maxEntries) break;
  }
  return found ?? (data ? unknownDirectory : undefined);
}
