import type { RunView } from '../../contract/run.js';
import { guideTag, ourTag, parseCommitKey } from '../../contract/tags.js';
import { type CommitKey, commitText } from '../../contract/words.js';
import { isConsumer } from './consumers.js';

/** A catalog run, and the commit that it stands for. */
export interface CatalogEntryRun {
  readonly run: RunView;
  readonly key: CommitKey;
}

const commitForm = /^[0-9a-f]{64}$/;

/**
 * The commits whose count of consumers this run belongs in, by its own tags; the same that the two exact searches for
 * consumers would find it by.
 */
export function commitsCounting(run: RunView, installations: readonly string[]): readonly CommitKey[] {
  const named = [...run.tags].flatMap(([key, value]) => {
    const named = parseCommitKey(key);
    return named?.kind === 'input' ? [{ repository: named.repository, commit: value }] : [];
  });
  const commit = run.tags.get(guideTag.commit) ?? '';
  const repositories = [
    run.tags.get(guideTag.repo) ?? '',
    ...run.tags.linksTag.links.filter((link) => link.commit === commit).map((link) => link.repository),
  ];
  const keys = [...named, ...repositories.map((repository) => ({ repository, commit }))]
    .filter((key) => commitForm.test(key.commit))
    .flatMap((key) => installations.map((installation) => ({ installation, ...key })));
  const distinct = [...new Map(keys.map((key) => [commitText(key), key])).values()];
  return distinct.filter((key) => isConsumer(run, key));
}

/**
 * Why the catalog run of a commit should be checked again, undefined where nothing speaks for it: a lost event, a
 * process killed half-way or a race of two leave such a run.
 *
 * @param consumers how many runs have consumed the commit
 * @param isDouble true where another run of the catalog stands for the same commit
 */
export function doubtAbout(
  { run, key }: CatalogEntryRun,
  consumers: number,
  isDouble: boolean,
): string | undefined {
  // The repository was recreated: lakeFS knows nothing of this commit.
  if (run.tags.isGone) return undefined;
  if (isDouble) return 'two runs stand for the commit';
  if (!run.terminal) return 'the run is not finished';
  const written = Number(run.tags.get(ourTag.consumers) ?? 0);
  if (written !== consumers) return `${consumers} runs consumed it, but the run says ${written}`;
  return run.inputs.some((input) => isForeign(input, run, key.commit))
    ? 'a candidate shows another source'
    : undefined;
}

/** MLflow shows the first writer's source under a name and digest; a longer digest of ours tells ours apart. */
function isForeign(
  { name, digest, source }: RunView['inputs'][number],
  run: RunView,
  commit: string,
): boolean {
  if (digest !== commit.slice(0, 12) || source.includes(commit)) return false;
  return !run.inputs.some((other) => other.name === name && other.digest === commit.slice(0, 36));
}
