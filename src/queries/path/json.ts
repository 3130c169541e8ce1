import { commitJson } from '../shared/commit-place.js';
import { iso } from '../shared/iso.js';
import { lookedJson } from '../shared/scan-coverage.js';
import { readerJson } from '../shared/with-models.js';
import type { PathLineage, PathVersion } from './types.js';

/** The answer for machines, as docs/lineage.md describes it. Fields may be added, none changes its meaning. */
export function pathLineageJson(lineage: PathLineage): Record<string, unknown> {
  const { asked, place, ref, refKind, path, there, versions, walked, cut, others, looked } = lineage;
  return {
    ...{ kind: 'path', asked, ref, refKind, path, there },
    commit: commitJson(place),
    versions: versions.map(versionJson),
    others: others.map(readerJson),
    ...{ walked, limits: { versions: cut } },
    looked: lookedJson(looked),
  };
}

function versionJson({ commit, counts, emptied, sameAs, alsoKnownAs, readers }: PathVersion) {
  return {
    commit: commit.id,
    message: commit.message,
    committer: commit.committer,
    date: iso(commit.creation_date * 1000),
    changed: counts,
    emptied,
    sameAs: sameAs ?? null,
    alsoKnownAs,
    readers: readers.map(readerJson),
  };
}
