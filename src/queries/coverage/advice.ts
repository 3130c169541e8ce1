import type { Address } from '../../domain/references/address.js';
import { launchLine, runLines, scriptLines } from '../shared/script-lines.js';
import type { CoverageCause } from './types.js';

/** Why runs are not covered, and what covers the next ones. */
export interface Mending {
  readonly why: string;
  /** What to do. */
  readonly how: string;
  /** The lines that do it; none where there is nothing to add. */
  readonly lines: readonly string[];
  /** The command that does it where the script cannot be changed; none where the script itself says something wrong. */
  readonly launch: readonly string[];
}

/** Makes the commit itself known, in the script that trains. */
const declare = 'Read the data at a commit, and declare it, in the training script:';

const texts: Readonly<Record<CoverageCause, { readonly why: string; readonly how: string }>> = {
  'shared-source': {
    why: "a dataset names a commit, but MLflow keeps one source for all runs whose dataset has that name and digest: it may be another run's",
    how: 'Declare the commit beside the dataset, in the training script:',
  },
  'moved-tag': {
    why: 'the tag of lakeFS that is named has been moved since',
    how: declare,
  },
  'moving-branch': {
    why: 'a branch is named, which moves: its head around the start of the run is a guess',
    how: declare,
  },
  'changed-branch': {
    why: 'a branch is named whose data changed around the run, or may have: which version was read is open',
    how: declare,
  },
  'uncommitted-read': {
    why: 'a branch was read that had uncommitted changes under the path, which a read also returns',
    how: 'Commit first; then read the data at the commit, and declare it, in the training script:',
  },
  contradiction: {
    why: "a dataset's source names one commit and the tags another, with other bytes",
    how: 'Take the address of the dataset and the tags from the same commit:',
  },
  'unpinned-ref': {
    why: 'a branch or tag of lakeFS is named, from which no commit can be told',
    how: declare,
  },
  'unknown-commit': {
    why: 'a commit is named that its repository does not have',
    how: 'Take the id from lakeFS itself:',
  },
  'incomplete-tags': {
    why: 'the tags name a commit without its repository, or something that is no commit id',
    how: 'Set both tags in the training script:',
  },
  'unknown-repository': {
    why: 'the data is in no lakeFS repository that is known here: a plain bucket, another server, or one that is not watched',
    how: 'If it is a repository of lakeFS, let LAKEFS_MLFLOW_REPOSITORIES (default: all) name it; if it is a bucket, import it and read it by commit:',
  },
  'code-source': {
    why: 'autolog logged a dataset, but with the code that made it instead of the address of the data',
    how: declare,
  },
  'other-source': {
    why: 'the address that is named is none of data in lakeFS',
    how: declare,
  },
  'no-dataset': {
    why: 'no dataset was logged, and there is no tag of lakeFS',
    how: declare,
  },
  'no-run': {
    why: 'MLflow knows no run that made it',
    how: 'Register the model of a run:',
  },
  unreadable: {
    why: 'a server could not be read; until it can, this counts as not covered',
    how: 'Mend what the examples name, and ask again.',
  },
};

/** What a declaration from outside mends: the run says nothing of its own that it would stand against. */
const launchable: ReadonlySet<CoverageCause> = new Set([
  ...(['shared-source', 'moved-tag', 'moving-branch', 'changed-branch', 'uncommitted-read'] as const),
  ...(['unpinned-ref', 'code-source', 'other-source', 'no-dataset'] as const),
]);

/** The hint is what an example names: it is filled in where it is known. */
export function mendingOf(cause: CoverageCause, hint: Address | undefined): Mending {
  const launch = launchable.has(cause) ? [launchLine(hint)] : [];
  return { ...texts[cause], lines: linesOf(cause, hint), launch };
}

function linesOf(cause: CoverageCause, hint: Address | undefined): readonly string[] {
  if (cause === 'unreadable') return [];
  if (cause === 'no-run') return ['mlflow.register_model(f"runs:/{run.info.run_id}/model", "my-model")'];
  return scriptLines(hint);
}

/** The lines that make it known of a run that is there already. */
export function mendingOfRun(runId: string, hint: Address | undefined): readonly string[] {
  return runLines(runId, hint);
}
