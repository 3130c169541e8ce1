import { commitJson } from '../shared/commit-place.js';
import { lookedJson } from '../shared/scan-coverage.js';
import { readerJson } from '../shared/with-models.js';
import type { CommitLineage } from './types.js';

/** The answer for machines, as docs/lineage.md describes it. Fields may be added, none changes its meaning. */
export function commitLineageJson(lineage: CommitLineage): Record<string, unknown> {
  const { asked, place, ref, refKind, makers, candidates, emptied, branches, branchesCut } = lineage;
  return {
    ...{ kind: 'commit', asked, ref, refKind },
    commit: { ...commitJson(place), parents: place.facts?.parents ?? null },
    makers,
    candidates: candidates.map(({ path, name, added, changed, removed, bytes }) => ({
      ...{ path, name, added, changed, removed, bytes },
    })),
    emptied: emptied.map(({ path }) => path),
    branches,
    limits: { branches: branchesCut },
    readers: lineage.readers.map(readerJson),
    looked: lookedJson(lineage.looked),
  };
}
