import type { CommitKey } from '../../src/contract/words.js';
import { producedTag } from '../../src/domain/links/produced.js';
import { reasonToLeave } from '../../src/facts/links/propose.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import { producersNamedIn } from '../../src/facts/runs/producers.js';
import { viewOf } from '../../src/facts/runs/run-view.js';
import { isNotActive, isNotFound } from '../../src/mlflow/api-error.js';
import type { Run } from '../../src/mlflow/types.js';

/**
 * Tags a run with the commit that says that the run made it. The commit's metadata is read again, and never changes,
 * so the tag is only ever added. Answers with what was done, in words.
 */
export async function markProduced(run: Run, commit: CommitKey, facts: ServerFacts): Promise<string> {
  const view = viewOf(run);
  const reason = await reasonToLeave(view, facts);
  if (reason !== undefined) return reason;
  const tag = producedTag(commit);
  const shown = `${commit.repository}@${commit.commit.slice(0, 12)}`;
  if (view.tags.get(tag) === commit.commit) return `is known to have produced ${shown}`;
  const settings = facts.access.installations.named(commit.installation)?.settings;
  const found = await facts.sources.lakefs(commit.installation)?.commit(commit.repository, commit.commit);
  if (settings === undefined || found === undefined) return `lakeFS has no commit ${shown} now`;
  if (!(await producersNamedIn(found.metadata, facts)).includes(view.id))
    return `${shown} does not name the run`;
  if (settings.mode === 'observe') return `observe mode: ${tag} (not written)`;
  try {
    await facts.access.mlflow.runs.logBatch(view.id, undefined, undefined, [
      { key: tag, value: commit.commit },
    ]);
  } catch (error) {
    if (isNotFound(error) || isNotActive(error)) return 'the run was deleted in the meantime';
    throw error;
  }
  return `produced ${shown}`;
}
