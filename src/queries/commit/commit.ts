import { pathsWithData } from '../../facts/datasets/commit-datasets.js';
import type { ServerFacts } from '../../facts/links/server.js';
import { producersNamedIn } from '../../facts/runs/producers.js';
import { branchStates } from '../shared/change/branch-states.js';
import { changedPathOf, commitChange } from '../shared/change/change.js';
import { createReaching } from '../shared/change/reach.js';
import { commitAnswer } from '../shared/commit.js';
import { findConsumers, type ScanOptions, withModels } from '../shared/consumers.js';
import type { Place } from '../shared/place.js';
import type { CommitLineage } from './schema.js';

/**
 * What a commit is, where its change is now, who read it and what was produced from it. Reads only.
 *
 * @throws what the clients throw
 */
export async function readCommitLineage(
  asked: string,
  place: Place,
  facts: ServerFacts,
  options: ScanOptions,
): Promise<CommitLineage> {
  const { known, lakefs, repository, commit, ref, refKind } = place;
  const installation = known.settings.name;
  const key = { installation, repository: repository.id, commit: commit.id };
  options.onProgress('reading the commit');
  const change = await commitChange(place);
  const candidates = await pathsWithData(
    lakefs,
    repository.id,
    commit.id,
    change.paths,
    known.settings.layouts,
  );
  const states = await branchStates(place, change, createReaching(change, lakefs));
  const query = { ...options, installation, repository: repository.id, commits: [commit.id] };
  const { consumers, checked } = await findConsumers(query, facts);
  const makers = await producersNamedIn(commit.metadata, facts);
  options.onProgress('searching for models');
  const label = refKind === 'branch' ? ref : undefined;
  return {
    ...{ kind: 'commit', asked, ref, refKind },
    commit: {
      ...(await commitAnswer(key, facts.sources.installations, label)),
      parents: commit.parents,
    },
    makers,
    candidates: candidates.map(changedPathOf),
    emptied: change.paths.filter((path) => !candidates.includes(path)).map(({ path }) => path),
    ...{ branches: states.branches, limits: { branches: states.cut } },
    ...{ readers: await withModels(consumers, facts), looked: checked },
  };
}
