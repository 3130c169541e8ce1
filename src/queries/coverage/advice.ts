import type { Address } from '../../domain/references/address.js';
import { launchLine, runLines, scriptLines } from '../shared/script-lines.js';
import type { CoverageGroup } from './schema.js';
import type { CoverageCause } from './words.js';

const declare = 'Read the data at a commit, and declare that commit, in the training script:';

const texts: Readonly<Record<CoverageCause, { readonly why: string; readonly how: string }>> = {
  'shared-source': {
    why: 'a dataset names a commit, but MLflow keeps one source for all runs whose dataset has that name and digest, so it may belong to another run',
    how: 'Declare the commit as well, in the training script:',
  },
  'moved-tag': {
    why: 'it names a lakeFS tag that has moved since',
    how: declare,
  },
  'moving-branch': {
    why: "it names a branch, and branches move: the branch's head at the start of the run is a guess",
    how: declare,
  },
  'changed-branch': {
    why: 'it names a branch whose data changed during the run, or may have: version unknown',
    how: declare,
  },
  'uncommitted-read': {
    why: 'it read a branch that had uncommitted changes under the path; a read returns these too',
    how: 'Commit first. Then read the data at the commit, and declare that commit, in the training script:',
  },
  contradiction: {
    why: 'the source of a dataset names one commit and the tags another, with different bytes',
    how: 'Take the address of the dataset and the tags from the same commit:',
  },
  'unpinned-ref': {
    why: 'it names a branch or tag of lakeFS that leads to no commit',
    how: declare,
  },
  'unknown-commit': {
    why: 'it names a commit that the repository does not have',
    how: 'Get the id from lakeFS itself:',
  },
  'incomplete-tags': {
    why: 'the tags name a commit without its repository, or the commit id is invalid',
    how: 'Set both tags in the training script:',
  },
  'unknown-repository': {
    why: 'the data is in no watched lakeFS repository: a plain bucket, another server, or a repository that is not watched',
    how: 'If it is a lakeFS repository, add it to LAKEFS_MLFLOW_REPOSITORIES (default: all). If it is a bucket, import it and read it by commit:',
  },
  'code-source': {
    why: 'autolog logged a dataset whose source is the code, not the address of the data',
    how: declare,
  },
  'other-source': {
    why: 'the address is not one of data in lakeFS',
    how: declare,
  },
  'no-dataset': {
    why: 'no dataset was logged, and there is no lakeFS tag',
    how: declare,
  },
  'no-run': {
    why: 'MLflow knows no run that produced it',
    how: 'Register the model from its run:',
  },
  unreadable: {
    why: 'a server could not be read; until it can, this counts as not covered',
    how: 'Fix what the examples name, and run this again.',
  },
};

/** What a declaration from outside fixes: the run says nothing of its own that would contradict it. */
const launchable: ReadonlySet<CoverageCause> = new Set([
  ...(['shared-source', 'moved-tag', 'moving-branch', 'changed-branch', 'uncommitted-read'] as const),
  ...(['unpinned-ref', 'code-source', 'other-source', 'no-dataset'] as const),
]);

/** Why runs are not covered, and what covers the next ones. `hint`: what an example names; `run`: its id. */
export function fixOf(
  cause: CoverageCause,
  hint: Address | undefined,
  run: string | undefined,
): Pick<CoverageGroup, 'why' | 'mend'> {
  const { why, how } = texts[cause];
  const script = linesOf(cause, hint);
  const launch = launchable.has(cause) ? [launchLine(hint)] : [];
  const existing = run === undefined || script.length === 0 ? [] : runLines(run, hint);
  return { why, mend: { how, script, launch, run: existing } };
}

function linesOf(cause: CoverageCause, hint: Address | undefined): readonly string[] {
  if (cause === 'unreadable') return [];
  if (cause === 'no-run') return ['mlflow.register_model(f"runs:/{run.info.run_id}/model", "my-model")'];
  return scriptLines(hint);
}
