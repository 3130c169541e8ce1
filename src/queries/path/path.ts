import { narrower } from '../../domain/paths/path.js';
import type { LakefsFacts } from '../../facts/commits/lakefs-facts.js';
import type { ServerFacts } from '../../facts/links/server.js';
import type { LakefsCommit } from '../../lakefs/types.js';
import { commitPlace } from '../shared/commit-place.js';
import { findReaders } from '../shared/consumers.js';
import { NotThereError } from '../shared/not-found.js';
import type { Place } from '../shared/place.js';
import type { DataOptions, DataReader } from '../shared/types.js';
import { narrowed, withModels } from '../shared/with-models.js';
import type { PathLineage, PathVersion } from './types.js';
import { type FoundVersion, findVersions } from './versions.js';

export interface PathOptions extends DataOptions {
  /** Versions that are told at most. */
  readonly limit: number;
}

/** Commits that are looked through for each version that is wanted. */
const walkedPerVersion = 100;

/**
 * The history of a path on a ref: the commits that changed it, newest first, each with the runs that read these
 * bytes, whatever the commit was called that they read. Reads only.
 *
 * @throws NotThereError where nothing was ever there, as far as was looked; what the clients throw
 */
export async function lookAtPath(
  asked: string,
  place: Place,
  facts: ServerFacts,
  options: PathOptions,
): Promise<PathLineage> {
  const { known, lakefs, repository, commit, ref, refKind, path } = place;
  const installation = known.settings.name;
  const { limit, onProgress } = options;
  const maxWalked = Math.max(limit * walkedPerVersion, 1_000);
  const found = await findVersions(lakefs, repository.id, commit.id, path, { limit, maxWalked, onProgress });
  const there = await known.facts.holds(repository.id, commit.id, path);
  if (!there && found.versions.length === 0) {
    const looked = found.cut
      ? ` (${found.walked.length.toLocaleString('en')} commits were looked through)`
      : '';
    throw new NotThereError(
      `nothing is at ${path} in ${repository.id} at ${ref}, nor was there before${looked}: check the path`,
    );
  }
  const bare = await describe(found.versions, place);
  const { readers, looked } = await findReaders(
    { ...options, installation, repository: repository.id, commits: undefined },
    facts,
  );
  const touching = readers.flatMap(({ run, links }) => {
    const some = links.filter((link) => narrower(link.path, path) !== undefined);
    return some.length === 0 ? [] : [{ run, links: some }];
  });
  onProgress('looking for the models that were made');
  const all = await withModels(touching, facts);
  const { byVersion, others } = await assign(all, bare, found.walked, place);
  const key = { installation, repository: repository.id, commit: commit.id };
  return {
    ...{ kind: 'path', asked, ref, refKind, path, there, looked },
    place: await commitPlace(key, facts.sources.installations, refKind === 'branch' ? ref : undefined),
    versions: bare.map((version) => withReaders(version, byVersion.get(version.commit.id) ?? [])),
    ...{ walked: found.walked.length, cut: found.cut, others },
  };
}

type BareVersion = Omit<PathVersion, 'readers' | 'alsoKnownAs'>;

async function describe(versions: readonly FoundVersion[], place: Place): Promise<readonly BareVersion[]> {
  const { known, repository, path } = place;
  const held = await Promise.all(
    versions.map(({ commit }) => known.facts.holds(repository.id, commit.id, path)),
  );
  return Promise.all(
    versions.map(async ({ commit, counts }, index) => {
      const emptied = held[index] === false;
      // The next older one differs: else this would be no version of its own.
      const older = versions.filter((_, other) => other > index + 1 && held[other] === true);
      const equal = emptied ? undefined : await firstEqual(commit.id, older, path, place);
      return { commit, counts, emptied, sameAs: equal };
    }),
  );
}

async function firstEqual(
  commit: string,
  candidates: readonly { readonly commit: LakefsCommit }[],
  path: string,
  { known: { facts }, repository }: Place,
): Promise<string | undefined> {
  for (const candidate of candidates) {
    if (await facts.equalUnder(repository.id, commit, candidate.commit.id, path)) return candidate.commit.id;
  }
  return undefined;
}

/** Which version each run read: by the place in the history, and for commits that are not in it by the bytes. */
async function assign(
  readers: readonly DataReader[],
  versions: readonly BareVersion[],
  walked: readonly LakefsCommit[],
  place: Place,
): Promise<{
  readonly byVersion: ReadonlyMap<string, readonly DataReader[]>;
  readonly others: readonly DataReader[];
}> {
  const positions = new Map(walked.map(({ id }, index) => [id, index]));
  const keys = [
    ...new Map(
      readers
        .flatMap(({ links }) => links)
        .map((link) => [JSON.stringify([link.commit, link.path]), link] as const),
    ),
  ];
  const found = new Map(
    await Promise.all(
      keys.map(async ([key, link]) => [key, await versionOf(link, versions, positions, place)] as const),
    ),
  );
  const of = (version: string | undefined): readonly DataReader[] =>
    readers.flatMap((reader) =>
      narrowed(reader, ({ commit, path }) => found.get(JSON.stringify([commit, path])) === version),
    );
  return {
    byVersion: new Map(versions.map(({ commit }) => [commit.id, of(commit.id)])),
    others: of(undefined),
  };
}

async function versionOf(
  link: { readonly commit: string; readonly path: string },
  versions: readonly BareVersion[],
  positions: ReadonlyMap<string, number>,
  place: Place,
): Promise<string | undefined> {
  const position = positions.get(link.commit);
  const inForce =
    position === undefined
      ? undefined
      : versions.find(({ commit }) => (positions.get(commit.id) ?? -1) >= position);
  if (inForce !== undefined) return inForce.commit.id;
  const part = narrower(link.path, place.path) ?? place.path;
  const { facts } = place.known;
  // Nothing differs where nothing is, which proves no equality.
  if (!(await holdsNow(facts, place.repository.id, link.commit, part))) return undefined;
  return firstEqual(
    link.commit,
    versions.filter(({ emptied }) => !emptied),
    part,
    place,
  );
}

async function holdsNow(
  facts: LakefsFacts,
  repository: string,
  commit: string,
  path: string,
): Promise<boolean> {
  return (await facts.commit(repository, commit)) !== undefined && facts.holds(repository, commit, path);
}

function withReaders(version: BareVersion, readers: readonly DataReader[]): PathVersion {
  const names = new Set(readers.flatMap(({ links }) => links.map(({ commit }) => commit)));
  names.delete(version.commit.id);
  return { ...version, readers, alsoKnownAs: [...names] };
}
