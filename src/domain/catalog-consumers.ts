import { consumedStatusTag } from './catalog-life.js';
import { readLinksTag } from './link-tags.js';
import { isGuess } from './readings.js';
import type { RunView } from './run.js';
import { inputTag } from './tag-plan.js';
import { isClean } from './text.js';
import type { CommitKey } from './words.js';

/** Who read a commit, as the runs' own tags say. */
export interface Consumption {
  readonly runs: readonly RunView[];
  /** The paths that they read, as they name them; sorted. A run that names the commit only adds none. */
  readonly paths: readonly string[];
}

/** A source that names no path has read all of it; a tag cannot be empty. */
const wholeRepository = '/';

/** MLflow cuts longer values without a word. */
const maxPath = 4_900;

/**
 * Which of the runs found by the two exact searches (`lakefs_commit`, `lakefs.input.…`) consumed the commit. Commit
 * ids are unique per repository only, so a run that names another repository is none; nor is a deleted or a
 * catalog run.
 */
export function consumptionOf(found: readonly RunView[], key: CommitKey): Consumption {
  const runs = [...new Map(found.map((run) => [run.id, run])).values()].filter((run) => isConsumer(run, key));
  const paths = runs.flatMap((run) =>
    readLinksTag(run.tags)
      .links.filter((link) => isOf(link, key) && !isGuess(link))
      .map(({ path, where }) => (path === '' && where === 'input' ? wholeRepository : path))
      .filter((path) => path !== '' && path.length <= maxPath && isClean(path)),
  );
  return { runs, paths: [...new Set(paths)].sort() };
}

/**
 * The tags that a catalog run lacks. `hash12` makes 12 hex digits of a path. What a run once read stays read:
 * fewer runs in an answer may only mean that we may not see them.
 */
export function planConsumption(
  tags: ReadonlyMap<string, string>,
  { runs, paths }: Consumption,
  hash12: (path: string) => string,
): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  if (runs.length > 0 || tags.has('lakefs.consumers')) wanted.set('lakefs.consumers', String(runs.length));
  if (runs.length > 0) {
    wanted.set('lakefs.consumed', 'yes');
    // Until it is judged it counts as current, so that it is looked at when something changes.
    if (!tags.has(consumedStatusTag)) wanted.set(consumedStatusTag, 'current');
  }
  for (const path of paths) wanted.set(`lakefs.read.${hash12(path)}`, path);
  return new Map([...wanted].filter(([key, value]) => tags.get(key) !== value));
}

/** True where this run, found by one of the two searches, consumed the commit. */
export function isConsumer(run: RunView, key: CommitKey): boolean {
  if (!run.active || run.tags.has('lakefs.kind')) return false;
  // Left alone, so never linked: nobody would tell when it comes or goes.
  if (run.tags.get('lakefs.ignore') === 'true') return false;
  const { links } = readLinksTag(run.tags);
  if (links.some((link) => isOf(link, key))) return true;
  // Another installation on the same MLflow server may have a repository of this name, with these very commits.
  if (links.some((link) => link.commit === key.commit && link.repository === key.repository)) return false;
  if (run.tags.get(inputTag(key)) === key.commit) return true;
  return run.tags.get('lakefs_commit') === key.commit && run.tags.get('lakefs_repo') === key.repository;
}

function isOf(
  link: { readonly installation: string; readonly repository: string; readonly commit: string },
  key: CommitKey,
): boolean {
  return (
    link.commit === key.commit && link.repository === key.repository && link.installation === key.installation
  );
}
