import { ApiFailure } from '../failure.js';
import { treeOf } from '../model/refs.js';
import type { Repository } from '../model/repository.js';
import { type Action, InvalidAction } from './action.js';
import { parseAction } from './parse.js';

const folder = '_lakefs_actions/';

export interface ActionReader {
  /**
   * The actions at a ref, sorted by file name. @throws InvalidAction for files that lakeFS refuses, ApiFailure
   * 404 for a folder among them
   */
  read(repository: Repository, ref: string): readonly Action[];
}

/** Files are remembered per (repository, ref) for `cacheMs`, as lakeFS does for 5 to 7.5 s; 0 switches it off. */
export function makeActionReader(cacheMs: number, now: () => number): ActionReader {
  const cache = new Map<string, { readonly untilMs: number; readonly files: ReadonlyMap<string, string> }>();
  return {
    read(repository, ref) {
      const key = `${repository.id}/${ref}`;
      const cached = cache.get(key);
      if (cached !== undefined && cached.untilMs > now()) return parseAll(cached.files);
      const files = actionFiles(repository, ref);
      if (cacheMs > 0) cache.set(key, { untilMs: now() + cacheMs, files });
      return parseAll(files);
    },
  };
}

function actionFiles(repository: Repository, ref: string): Map<string, string> {
  // Only the few paths in the folder are sorted: trees can be large.
  const found = [...treeOf(repository, ref).entries()].filter(([path]) => path.startsWith(folder));
  found.sort(([left], [right]) => (left < right ? -1 : 1));
  const files = new Map<string, string>();
  for (const [path, entry] of found) {
    const slash = path.indexOf('/', folder.length);
    if (slash < 0) files.set(path, entry.data.toString());
    else files.set(path.slice(0, slash + 1), '');
  }
  return files;
}

function parseAll(files: ReadonlyMap<string, string>): readonly Action[] {
  const actions: Action[] = [];
  const problems: string[] = [];
  let missing = false;
  for (const [path, text] of files) {
    if (path.endsWith('/')) {
      missing = true;
      problems.push(`loading file ${path}: get action file metadata ${path}: not found`);
      continue;
    }
    try {
      actions.push(parseAction(text));
    } catch (error) {
      if (!(error instanceof InvalidAction)) throw error;
      problems.push(`parsing file ${path}: ${error.message}`);
    }
  }
  if (problems.length > 0) {
    if (missing) throw new ApiFailure(404, listOfErrors(problems));
    throw new InvalidAction(listOfErrors(problems));
  }
  const names = new Set<string>();
  for (const { name } of actions) {
    if (names.has(name)) throw new InvalidAction(`action name '${name}' already loaded: invalid action`);
    names.add(name);
  }
  return actions;
}

/** The layout in which lakeFS reports one or more errors. */
export function listOfErrors(problems: readonly string[]): string {
  const head = problems.length === 1 ? '1 error occurred:' : `${problems.length} errors occurred:`;
  return `${head}\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`;
}
