import { lakefsObjectsPage } from '../../domain/common/links-to.js';
import { narrower } from '../../domain/paths/path.js';
import type { LakefsFacts } from '../../facts/commits/lakefs-facts.js';
import type { ServerFacts } from '../../facts/links/server.js';
import type { LakefsCommit } from '../../lakefs/types.js';
import { commitAnswer } from '../shared/commit.js';
import { findConsumers, type ScanOptions, withModels } from '../shared/consumers.js';
import { iso } from '../shared/iso.js';
import { NotThereError } from '../shared/not-found.js';
import type { Place } from '../shared/place.js';
import type { ConsumerAnswer } from '../shared/schema.js';
import { numberText } from '../shared/words.js';
import type { PathLineage, PathVersion } from './schema.js';
import { type FoundVersion, findVersions } from './versions.js';

export interface PathOptions extends ScanOptions {
  /** Versions that are shown at most. */
  readonly limit: number;
}

/** Commits that are read for each version that is wanted. */
const walkedPerVersion = 100;

/**
 * The history of a path on a ref: the commits that changed it, newest first, each with the runs that read these
 * bytes, whatever the commit was called that they read. Reads only.
 *
 * @throws NotThereError where nothing was ever there, as far as was read; what the clients throw
 */
export async function readPathLineage(
  asked: string,
  place: Place,
  facts: ServerFacts,
  options: PathOptions,
): Promise<{ readonly answer: PathLineage; readonly page: string }> {
  const { known, lakefs, repository, commit, ref, refKind, path } = place;
  const installation = known.settings.name;
  const { limit, onProgress } = options;
  const maxWalked = Math.max(limit * walkedPerVersion, 1_000);
  const found = await findVersions(lakefs, repository.id, commit.id, path, { limit, maxWalked, onProgress });
  const there = await known.facts.holds(repository.id, commit.id, path);
  if (!there && found.versions.length === 0) {
    const read = found.cut ? ` (in the newest ${numberText(found.walked.length)} commits)` : '';
    throw new NotThereError(
      `nothing is or was at ${path} in ${repository.id} at ${ref}${read}: check the path`,
    );
  }
  const bare = await describe(found.versions, place);
  const query = { ...options, installation, repository: repository.id, commits: undefined };
  const { consumers, checked } = await findConsumers(query, facts);
  const touching = consumers.flatMap(({ run, links }) => {
    const some = links.filter((link) => narrower(link.path, path) !== undefined);
    return some.length === 0 ? [] : [{ run, links: some }];
  });
  onProgress('searching for models');
  const all = await withModels(touching, facts);
  const { byVersion, others } = await assign(all, bare, found.walked, place);
  const key = { installation, repository: repository.id, commit: commit.id };
  const label = refKind === 'branch' ? ref : undefined;
  const answer: PathLineage = {
    ...{ kind: 'path', asked, ref, refKind, path, there },
    commit: await commitAnswer(key, facts.sources.installations, label),
    versions: bare.map((version) => withConsumers(version, byVersion.get(version.commit) ?? [])),
    ...{ others, walked: found.walked.length, limits: { versions: found.cut }, looked: checked },
  };
  return { answer, page: lakefsObjectsPage(known.settings.lakefs.publicUrl, repository.id, ref, path) };
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
      const equal = emptied
        ? undefined
        : await firstEqual(
            commit.id,
            older.map((one) => one.commit.id),
            path,
            place,
          );
      return {
        ...{ commit: commit.id, message: commit.message, committer: commit.committer },
        ...{ date: iso(commit.creation_date * 1000), changed: counts, emptied, sameAs: equal ?? null },
      };
    }),
  );
}

async function firstEqual(
  commit: string,
  candidates: readonly string[],
  path: string,
  { known: { facts }, repository }: Place,
): Promise<string | undefined> {
  for (const candidate of candidates) {
    if (await facts.equalUnder(repository.id, commit, candidate, path)) return candidate;
  }
  return undefined;
}

/** Which version each run read: by the place in the history, and for commits that are not in it by the bytes. */
async function assign(
  consumers: readonly ConsumerAnswer[],
  versions: readonly BareVersion[],
  walked: readonly LakefsCommit[],
  place: Place,
): Promise<{
  readonly byVersion: ReadonlyMap<string, readonly ConsumerAnswer[]>;
  readonly others: readonly ConsumerAnswer[];
}> {
  const positions = new Map(walked.map(({ id }, index) => [id, index]));
  const keys = [
    ...new Map(
      consumers
        .flatMap(({ links }) => links)
        .map((link) => [JSON.stringify([link.commit, link.path]), link] as const),
    ),
  ];
  const found = new Map(
    await Promise.all(
      keys.map(async ([key, link]) => [key, await versionOf(link, versions, positions, place)] as const),
    ),
  );
  const of = (version: string | undefined): readonly ConsumerAnswer[] =>
    consumers.flatMap((consumer) => {
      const links = consumer.links.filter(
        ({ commit, path }) => found.get(JSON.stringify([commit, path])) === version,
      );
      return links.length === 0 ? [] : [{ ...consumer, links }];
    });
  return {
    byVersion: new Map(versions.map(({ commit }) => [commit, of(commit)])),
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
      : versions.find(({ commit }) => (positions.get(commit) ?? -1) >= position);
  if (inForce !== undefined) return inForce.commit;
  const part = narrower(link.path, place.path) ?? place.path;
  const { facts } = place.known;
  // Nothing differs where nothing is, which proves no equality.
  if (!(await holdsNow(facts, place.repository.id, link.commit, part))) return undefined;
  return firstEqual(
    link.commit,
    versions.filter(({ emptied }) => !emptied).map((version) => version.commit),
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

function withConsumers(version: BareVersion, readers: readonly ConsumerAnswer[]): PathVersion {
  const names = new Set(readers.flatMap(({ links }) => links.map(({ commit }) => commit)));
  names.delete(version.commit);
  return { ...version, alsoKnownAs: [...names], readers };
}
