import { type TableVersion, versionFlag } from '../../contract/flags.js';
import type { RunView } from '../../contract/run.js';
import { headsDuring, readingBack } from '../../domain/links/branch-heads.js';
import { type Clock, windowOf } from '../../domain/links/run-window.js';
import { asDirectory, isPattern } from '../../domain/paths/path.js';
import type { RefName } from '../../domain/references/lakefs-names.js';
import { recordOf, type VersionRecord } from '../../domain/references/table-version.js';
import {
  isOverwritten,
  originOf,
  type RecordState,
  whyNotRead,
} from '../../domain/references/table-version-reading.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import type { CommitGraph } from '../commits/commit-graph.js';
import { introducedByAncestry, maxSteps } from '../commits/introduced-by.js';
import { createCache } from '../common/cache.js';
import { orAbsent } from '../common/or-absent.js';
import type { RefFacts } from './ref-facts.js';

/** A table that a run names by a branch, with the version that it read. */
export interface VersionedPlace {
  readonly repository: string;
  readonly name: RefName;
  readonly path: string;
  readonly version: TableVersion;
}

export type VersionReading =
  /** The first commit of the branch that holds the version. */
  | { readonly kind: 'commit'; readonly commit: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Which commit a version of a table came with. */
export interface TableVersions {
  /**
   * Costs, for what is not remembered: one request for the head and one for the table's records there; one or more for the
   * commits that changed the record of this version, and one for each of these (at most 16); the branch's log back to
   * the oldest of them (one per 1,000 commits), where it came by a merge up to 2·log2(10,000) more; and one for what
   * was overwritten since.
   *
   * Known limit: of a branch that was set back, or deleted and made again, only the history is seen that it has now.
   *
   * @throws what the lakeFS client throws where the answer is not known
   */
  read(run: RunView, place: VersionedPlace, clock: Clock): Promise<VersionReading>;
}

const maxChanges = 16;
/** Differing objects that are read. */
const maxDiffering = 1_000;
/** What a commit's history is never changes, but a repository may be made again. */
const fixedMs = 600_000;

interface Facts {
  readonly graph: CommitGraph;
  readonly refs: RefFacts;
  holds(repository: string, commit: string, path: string): Promise<boolean>;
}

export function createTableVersions(
  lakefs: LakefsClient,
  { graph, refs, holds }: Facts,
  now: () => number,
): TableVersions {
  const keys = createCache<string | undefined>({ size: 1_000, ttlMs: () => fixedMs, now });
  const changes = createCache<readonly Change[]>({ size: 2_000, ttlMs: () => fixedMs, now });
  const differing = createCache<readonly string[] | undefined>({ size: 200, ttlMs: () => fixedMs, now });

  /** The record's whole key; undefined where there is none, or more than one. */
  const keyOf = (repository: string, head: string, { key, whole }: VersionRecord) =>
    whole
      ? Promise.resolve(key)
      : keys.get(`${repository} ${head} ${key}`, async () => {
          const found: string[] = [];
          for await (const object of lakefs.objects(repository, head, { prefix: key, limit: 2 })) {
            found.push(object.path);
          }
          return found.length === 1 ? found[0] : undefined;
        });

  /** Of all commits in the head's history but merges: what they bring was changed by a commit on their other side. */
  const changesOf = (repository: string, head: string, key: string): Promise<readonly Change[]> =>
    changes.get(`${repository} ${head} ${key}`, async () => {
      const found: LakefsCommit[] = [];
      const log = lakefs.log(repository, head, { objects: [key], limit: maxChanges + 1 });
      for await (const commit of log) found.push(commit);
      if (found.length > maxChanges) return found.map((commit) => ({ commit, object: undefined }));
      return Promise.all(
        found.map(async (commit) => {
          const object = await orAbsent(() => lakefs.statObject(repository, commit.id, key));
          const { checksum = '', mtime: seconds = Number.POSITIVE_INFINITY } = object ?? {};
          return { commit, object: object === undefined ? undefined : { checksum, seconds } };
        }),
      );
    });

  /** The first commit on the head's first-parent line that contains a commit, with its place there. */
  async function introducedBy(repository: string, head: string, commit: LakefsCommit) {
    const end = await introducedByAncestry({ repository, commit }, head, graph);
    if (end > maxSteps) return undefined;
    const line = graph.line(repository, head);
    const own = (await line.at(end))?.id === commit.id;
    const at = own ? end : end - 1;
    const first = await line.at(at);
    return first === undefined ? undefined : { at, own, first };
  }

  /** Keys of objects under a path that both commits hold with different content; undefined where there are too many. */
  const changedBetween = (repository: string, left: string, right: string, path: string) =>
    differing.get(`${repository} ${left} ${right} ${path}`, async () => {
      const found: string[] = [];
      let seen = 0;
      const prefix = asDirectory(path);
      for await (const entry of lakefs.diff(repository, left, right, { prefix, limit: maxDiffering })) {
        seen += 1;
        if (entry.type === 'changed') found.push(entry.path);
      }
      return seen < maxDiffering ? found : undefined;
    });

  return {
    read: async (run, { repository, name, path, version }, clock) => {
      const what = versionFlag(version);
      if (name.steps.length > 0 || name.suffix === '$' || isPattern(path)) {
        return unknown(`${what} is only looked up for a plain branch name and a path without patterns`);
      }
      const when = windowOf(run, clock);
      const window = when.kind === 'window' ? when.window : undefined;
      const head = await refs.branch(repository, name.base, window?.toMs ?? clock.nowMs);
      if (head === undefined) return unknown(`branch "${name.base}" of "${repository}" is gone`);
      const record = recordOf(version, path);
      if (!(await holds(repository, head, record.directory))) {
        return unknown(
          `branch "${name.base}" has nothing under "${record.directory}", so "${path}" is not such a table`,
        );
      }
      const key = await keyOf(repository, head, record);
      if (key === undefined)
        return unknown(
          `branch "${name.base}" has no object that begins with "${record.key}", or more than one`,
        );
      const changed = await changesOf(repository, head, key);
      if (changed.length > maxChanges) return unknown(`${key} was changed more than ${maxChanges} times`);
      const origin = originOf(what, changed.map(stateOf));
      if (origin.kind === 'unknown') return origin;
      const brought = changed.filter(({ commit }) => origin.commits.includes(commit.id));
      const introduced = await Promise.all(
        brought.map(({ commit }) => introducedBy(repository, head, commit)),
      );
      const oldest = introduced.reduce((a, b) => (a !== undefined && b !== undefined && a.at < b.at ? b : a));
      if (oldest === undefined || introduced.includes(undefined)) {
        return unknown(`${what} came more than ${maxSteps} commits ago`);
      }
      const reason = whyNotRead(run, what, origin, oldest);
      if (reason !== undefined || window === undefined) return unknown(reason ?? 'the run has no times');
      const { id: commit } = oldest.first;
      const log = await graph.line(repository, head).readWhile(readingBack(window.fromMs));
      const during = headsDuring(log, window);
      const last = during.kind === 'heads' ? during.heads.at(-1) : undefined;
      const overwritten = await changedBetween(repository, commit, last?.id ?? head, path);
      if (overwritten === undefined)
        return unknown(
          `too many objects differ since commit ${commit.slice(0, 12)} to tell whether any was overwritten`,
        );
      if (isOverwritten(version, record, overwritten)) {
        return unknown('objects of the table were overwritten since, which Delta and Iceberg never do');
      }
      return { kind: 'commit', commit };
    },
  };
}

interface Change {
  readonly commit: LakefsCommit;
  readonly object: RecordState['object'];
}

function stateOf({ commit, object }: Change): RecordState {
  return { commit: commit.id, object };
}

function unknown(reason: string): VersionReading {
  return { kind: 'unknown', reason };
}
