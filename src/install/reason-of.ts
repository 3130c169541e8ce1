import { isDirtyBranch, isProtectedBranch, LakefsError } from '../lakefs/errors.js';
import type { LakefsClient } from '../lakefs/types.js';
import { actionFolder } from './action-file.js';
import { describeRefusal, parseRefusal } from './hook-refusal.js';

export interface Place {
  readonly lakefs: Pick<LakefsClient, 'hookOutput' | 'uncommitted'>;
  readonly repository: string;
  readonly branch: string;
}

/** Why lakeFS did not let us commit to a branch, and what to do. */
export async function reasonOf(error: unknown, { lakefs, repository, branch }: Place): Promise<string> {
  if (isDirtyBranch(error)) return dirty({ lakefs, repository, branch });
  const refusal = error instanceof LakefsError ? parseRefusal(error.detail) : undefined;
  if (refusal !== undefined) {
    const { run, hook } = refusal;
    // A log that cannot be read takes nothing from the reason.
    const output = hook && (await lakefs.hookOutput(repository, run, hook.run).catch(() => undefined));
    return `branch "${branch}": ${describeRefusal(refusal, output)}`;
  }
  const text = error instanceof Error ? error.message : String(error);
  if (isProtectedBranch(error)) {
    return `${text}; a branch protection rule covers the temporary branch tx-lakefs-mlflow-*: narrow the rule`;
  }
  return text;
}

/** lakeFS refuses every commit while one of the action files is broken, so "commit it" alone may be impossible. */
async function dirty(place: Place): Promise<string> {
  const start =
    `branch "${place.branch}" has uncommitted changes, and lakeFS refuses to merge into it until they are ` +
    'committed or reset';
  // A listing that fails takes nothing from the reason.
  const files = await changedActions(place).catch(() => []);
  if (files.length === 0) return `${start}: do that, then run this again`;
  return (
    `${start}. They include action files (${files.join(', ')}), which lakeFS checks at every commit. If it refuses ` +
    'the commit because of one of them, correct or delete that file first (lakeFS notices within 10 seconds). Then ' +
    'run this again'
  );
}

/** So many are named. */
const shown = 5;

async function changedActions({ lakefs, repository, branch }: Place): Promise<string[]> {
  const paths: string[] = [];
  const changes = lakefs.uncommitted(repository, branch, { prefix: actionFolder, limit: shown + 1 });
  for await (const { path } of changes) paths.push(path);
  return paths.length > shown ? [...paths.slice(0, shown), '…'] : paths;
}
