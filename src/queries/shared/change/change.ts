import type { Change as Changed, DatasetPath } from '../../../domain/paths/dataset-paths.js';
import { isNoData } from '../../../domain/paths/no-data.js';
import { narrower, withoutEndSlashes } from '../../../domain/paths/path.js';
import type { ChangedPath } from '../../../domain/status/reach.js';
import { maxChanges, readCommitChanges } from '../../../facts/datasets/commit-changes.js';
import { decideDatasets } from '../../../facts/datasets/commit-datasets.js';
import type { LakefsClient } from '../../../lakefs/types.js';
import { NotThereError } from '../not-found.js';
import type { Place } from '../place.js';
import type { ChangedPathAnswer } from '../schema.js';
import { ownCommits } from './own-commits.js';
import type { Change } from './types.js';

/**
 * What a commit, a branch or a path stands for. A commit: what it changed against its first parent. A branch: what its
 * own commits changed, those that the default branch never pointed to; the default branch itself: all it holds.
 * A path: the bytes that lie there at the ref.
 *
 * @param limit commits of a branch that are read at most
 * @throws NotThereError where nothing is at the path; what the lakeFS client throws
 */
export async function readChange(place: Place, limit: number): Promise<Change> {
  const { refKind, path } = place;
  if (path !== '') return pathChange(place);
  return refKind === 'branch' ? branchChange(place, limit) : commitChange(place);
}

/** What a commit changed against its first parent. Throws what the lakeFS client throws. */
export async function commitChange(place: Place): Promise<Change> {
  const { lakefs, repository, commit } = place;
  const { changes, complete } = await readCommitChanges(lakefs, repository.id, commit);
  return {
    ...{ kind: 'commit', repository: repository.id, base: commit.parents[0], tip: commit.id },
    own: new Set([commit.id]),
    ...(await asPaths(changes, place, commit.parents, !complete)),
  };
}

async function branchChange(place: Place, limit: number): Promise<Change> {
  const { known, lakefs, repository, commit, ref } = place;
  const { own, base, cut } = await ownCommits(known.facts.graph, repository, ref, limit);
  const kind = ref === repository.default_branch ? 'default' : 'branch';
  const common = { kind, repository: repository.id, base, tip: commit.id, own } as const;
  if (kind === 'default' || own.size === 0) return { ...common, changed: [], prefixes: [], paths: [], cut };
  const changes: Changed[] = [];
  const from = base ?? commit.id;
  for await (const entry of lakefs.diff(repository.id, from, commit.id, { type: 'two_dot' })) {
    if (changes.length === maxChanges) break;
    changes.push(entry);
  }
  const tooMany = changes.length === maxChanges;
  return { ...common, ...(await asPaths(changes, place, [], cut || tooMany)) };
}

/** The directory, or the object, and nothing whose name only begins like it. */
async function pathChange(place: Place): Promise<Change> {
  const { lakefs, repository, commit, path } = place;
  const changes: Changed[] = [];
  for await (const { path: object, size_bytes } of objectsAt(lakefs, repository.id, commit.id, path)) {
    if (changes.length === maxChanges) break;
    changes.push({
      ...{ type: 'added', path: object, path_type: 'object' },
      ...(size_bytes === undefined ? {} : { size_bytes }),
    });
  }
  if (changes.length === 0) {
    throw new NotThereError(
      `nothing is at ${path} in ${repository.id} at ${commit.id.slice(0, 12)}: check the path (its history, with ` +
        `what was there before: lakefs-mlflow lineage ${repository.id}/${repository.default_branch}/${path})`,
    );
  }
  const cut = changes.length === maxChanges;
  return {
    ...{ kind: 'path', repository: repository.id, base: undefined, tip: commit.id },
    own: new Set([commit.id]),
    ...(await asPaths(changes, place, [], cut)),
    prefixes: [path],
  };
}

async function* objectsAt(lakefs: LakefsClient, repository: string, commit: string, path: string) {
  for await (const object of lakefs.objects(repository, commit, { prefix: path, limit: 1 })) {
    if (object.path === path) yield object;
  }
  yield* lakefs.objects(repository, commit, { prefix: `${path}/`, limit: maxChanges });
}

/** `parents`: of the commit, where these are its own changes. */
async function asPaths(
  changes: readonly Changed[],
  { known, repository, commit }: Place,
  parents: readonly string[],
  cut: boolean,
): Promise<Pick<Change, 'changed' | 'prefixes' | 'paths' | 'cut'>> {
  const found = { changes, complete: !cut };
  const { paths } = await decideDatasets(known, repository.id, { id: commit.id, parents }, found);
  const changed = changes.flatMap(toChanged);
  return { changed, prefixes: outermost(paths.map(({ path }) => path)), paths, cut };
}

function toChanged({ type, path, path_type }: Changed): readonly ChangedPath[] {
  if (path_type === 'common_prefix') return [{ type: 'prefix', path }];
  if (isNoData(path)) return [];
  return [{ type: type === 'added' || type === 'removed' ? type : 'changed', path }];
}

/** A path within another is listed with it. */
function outermost(paths: readonly string[]): readonly string[] {
  return paths.filter(
    (path) => !paths.some((other) => other !== path && narrower(path, other) === withoutEndSlashes(path)),
  );
}

/** A changed path as answers show it. */
export function changedPathOf({
  path,
  name,
  added,
  changed,
  removed,
  bytes,
}: DatasetPath): ChangedPathAnswer {
  return { path, name, added, changed, removed, bytes };
}
