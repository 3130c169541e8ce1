import { commitJson } from '../run/json.js';
import { iso } from '../shared/iso.js';
import { lookedJson } from '../shared/scan-coverage.js';
import type { CommitLineage, DataReader, PathLineage, PathVersion } from './types.js';

/** The answer for machines, as docs/lineage.md describes it. Fields may be added, none changes its meaning. */
export function dataJson(lineage: CommitLineage | PathLineage): Record<string, unknown> {
  return lineage.kind === 'commit' ? commitLineageJson(lineage) : pathLineageJson(lineage);
}

function commitLineageJson(lineage: CommitLineage): Record<string, unknown> {
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

function pathLineageJson(lineage: PathLineage): Record<string, unknown> {
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

function readerJson({ run, links, versions }: DataReader): Record<string, unknown> {
  return {
    run: { ...run, startTime: iso(run.startTime), endTime: iso(run.endTime) },
    links: links.map(({ installation, repository, commit, path, where, name, kind, certain }) => ({
      ...{ installation, repository, commit, path, where, name, kind, certain },
    })),
    versions: versions.map(({ name, version, aliases, page }) => ({ name, version, aliases, page })),
  };
}
