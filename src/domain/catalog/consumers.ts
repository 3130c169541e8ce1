import { diffTags } from '../../contract/diff-tags.js';
import { limits } from '../../contract/limits.js';
import type { RunView } from '../../contract/run.js';
import { guideTag, inputTag, ourTag, readTag } from '../../contract/tags.js';
import type { CommitKey } from '../../contract/words.js';
import { isClean } from '../common/text.js';
import { isGuess } from '../links/readings.js';

/** Who read a commit, as the runs' own tags say. */
export interface Consumption {
  readonly runs: readonly RunView[];
  /** The paths that they read, as they name them; sorted. A run that names the commit only adds none. */
  readonly paths: readonly string[];
}

/** A source that names no path has read all of it; a tag cannot be empty. */
const wholeRepository = '/';

/**
 * Which of the runs found by the two exact searches (`lakefs_commit`, `lakefs.input.…`) consumed the commit. Commit
 * ids are unique per repository only, so a run that names another repository is none; nor is a deleted or a
 * catalog run.
 */
export function consumptionOf(found: readonly RunView[], key: CommitKey): Consumption {
  const runs = [...new Map(found.map((run) => [run.id, run])).values()].filter((run) => isConsumer(run, key));
  const paths = runs.flatMap((run) =>
    run.tags.linksTag.links
      .filter((link) => isOf(link, key) && !isGuess(link))
      .map(({ path, where }) => (path === '' && where === 'input' ? wholeRepository : path))
      .filter((path) => path !== '' && path.length <= limits.wholeValue && isClean(path)),
  );
  return { runs, paths: [...new Set(paths)].sort() };
}

/** True where fewer runs were found than the catalog run counts. */
export function wouldFall(tags: ReadonlyMap<string, string>, { runs }: Pick<Consumption, 'runs'>): boolean {
  return runs.length < countBefore(tags);
}

/**
 * The experiments in which all the runs are that the catalog run counts, by their ids. Undefined where that is not
 * known: then a smaller number may only mean that we see fewer.
 */
export function countedIn(tags: ReadonlyMap<string, string>): readonly string[] | undefined {
  const ids = tags.get(ourTag.consumersIn);
  return ids === undefined || ids === tooMany ? undefined : ids.split(' ');
}

/** In place of a list that is longer than a tag. */
const tooMany = '*';

/**
 * The tags that a catalog run lacks. `hash12` makes 12 hex digits of a path. What a run once read stays read, and the
 * count falls only where nothing is hidden: fewer runs in an answer may only mean that we may not see them.
 *
 * @param hidden true where runs that counted before may be there and out of our sight
 */
export function planConsumption(
  tags: ReadonlyMap<string, string>,
  { runs, paths }: Consumption,
  hash12: (path: string) => string,
  hidden = false,
): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  const count = hidden ? Math.max(countBefore(tags), runs.length) : runs.length;
  if (count > 0 || tags.has(ourTag.consumers)) wanted.set(ourTag.consumers, String(count));
  if (runs.length > 0) {
    const places = placesOf(tags, runs, hidden);
    if (places !== undefined) wanted.set(ourTag.consumersIn, places);
    wanted.set(ourTag.consumed, 'yes');
    // Until it is judged it counts as current, so that it is checked when something changes.
    if (!tags.has(ourTag.consumedStatus)) wanted.set(ourTag.consumedStatus, 'current');
  }
  for (const path of paths) wanted.set(readTag(hash12(path)), path);
  return diffTags(tags, wanted).set;
}

function countBefore(tags: ReadonlyMap<string, string>): number {
  const count = Number(tags.get(ourTag.consumers) ?? 0);
  return Number.isSafeInteger(count) ? count : 0;
}

/** Undefined where it cannot be said where those are that are hidden. */
function placesOf(
  tags: ReadonlyMap<string, string>,
  runs: readonly RunView[],
  hidden: boolean,
): string | undefined {
  const before = hidden ? countedIn(tags) : [];
  if (before === undefined) return undefined;
  const text = [...new Set([...before, ...runs.map(({ experimentId }) => experimentId)])].sort().join(' ');
  return text.length <= limits.wholeValue ? text : tooMany;
}

/** True where this run, found by one of the two searches, consumed the commit. */
export function isConsumer(run: RunView, key: CommitKey): boolean {
  if (!run.active || run.tags.has(ourTag.kind)) return false;
  // Left alone, so never linked: nobody would tell when it comes or goes.
  if (run.tags.ignored) return false;
  const { links } = run.tags.linksTag;
  if (links.some((link) => isOf(link, key))) return true;
  // Another installation on the same MLflow server may have a repository of this name, with these very commits.
  if (links.some((link) => link.commit === key.commit && link.repository === key.repository)) return false;
  if (run.tags.get(inputTag(key)) === key.commit) return true;
  return run.tags.get(guideTag.commit) === key.commit && run.tags.get(guideTag.repo) === key.repository;
}

function isOf(
  link: { readonly installation: string; readonly repository: string; readonly commit: string },
  key: CommitKey,
): boolean {
  return (
    link.commit === key.commit && link.repository === key.repository && link.installation === key.installation
  );
}
