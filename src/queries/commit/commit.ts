import { pathsWithData } from '../../facts/datasets/commit-datasets.js';
import type { ServerFacts } from '../../facts/links/server.js';
import { producersNamedIn } from '../../facts/runs/producers.js';
import { branchStates } from '../shared/change/branch-states.js';
import { commitChange } from '../shared/change/change.js';
import { createReaching } from '../shared/change/reach.js';
import { commitPlace } from '../shared/commit-place.js';
import { findReaders } from '../shared/consumers.js';
import type { Place } from '../shared/place.js';
import type { DataOptions } from '../shared/types.js';
import { withModels } from '../shared/with-models.js';
import type { CommitLineage } from './types.js';

/**
 * What a commit is, where its change lives now, who read it and what was made from it. Reads only.
 *
 * @throws what the clients throw
 */
export async function lookAtCommit(
  asked: string,
  place: Place,
  facts: ServerFacts,
  options: DataOptions,
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
  const { readers, looked } = await findReaders(
    { ...options, installation, repository: repository.id, commits: [commit.id] },
    facts,
  );
  const makers = await producersNamedIn(commit.metadata, facts);
  options.onProgress('looking for the models that were made');
  return {
    ...{ kind: 'commit', asked, ref, refKind, candidates, makers },
    place: await commitPlace(key, facts.sources.installations, refKind === 'branch' ? ref : undefined),
    emptied: change.paths.filter((path) => !candidates.includes(path)),
    ...{ branches: states.branches, branchesCut: states.cut },
    ...{ readers: await withModels(readers, facts), looked },
  };
}
