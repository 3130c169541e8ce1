import type { RunView } from '../../src/contract/run.js';
import { producedTag } from '../../src/contract/tags.js';

import type { CommitKey } from '../../src/contract/words.js';

import { reasonToLeave } from '../../src/facts/links/propose.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import { producersNamedIn } from '../../src/facts/runs/producers.js';
import type { RunReader } from '../../src/facts/runs/run-reader.js';
import { viewOf } from '../../src/facts/runs/run-view.js';
import { isNotActive, isNotFound } from '../../src/mlflow/api-error.js';
import type { JobOutcome } from '../../src/queue/types.js';
import { pageOfRun } from './decisions.js';

/**
 * Tags a run with the commit whose metadata says that the run produced it. The metadata is read again, and never
 * changes, so the tag is only ever added.
 */
export async function markProduced(
  id: string,
  commit: CommitKey,
  { facts, reader }: { readonly facts: ServerFacts; readonly reader: RunReader },
): Promise<JobOutcome> {
  const run = await reader.read(id);
  if (run === undefined) return { summary: 'the run is gone' };
  const view = viewOf(run);
  return { summary: await addTag(view, commit, facts), links: pageOfRun(view, facts) };
}

/** Answers with what was done, in words. */
async function addTag(view: RunView, commit: CommitKey, facts: ServerFacts): Promise<string> {
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
