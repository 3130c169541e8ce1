import { type DeltaStep, deltaLogName, readDeltaStep } from '../../domain/status/delta-log.js';
import { type IcebergMetadata, readIcebergMetadata } from '../../domain/status/iceberg-log.js';
import {
  type ChangedTable,
  changedTables,
  explainedBy,
  icebergChange,
  maxVersions,
  metadataBefore,
  newMetadata,
  newVersions,
  operationsOf,
} from '../../domain/status/table-rewrite.js';
import { isGone, isNotFound } from '../../lakefs/errors.js';
import type { LakefsClient } from '../../lakefs/types.js';
import type { CommitDifference } from '../commits/commit-difference.js';
import { createCache, immutableMs } from '../common/cache.js';

/** Tells rewrites of tables from changes of their rows, by the tables' own logs. */
export interface TableRewrites {
  /**
   * What rewrote the tables under the paths between two commits, in words, where their logs say that no row changed;
   * undefined where rows changed or that is unknown: other objects changed too, more than 1,000 did, a log is too
   * long or not there any more.
   *
   * Costs nothing where no table's log grew. Else, once for each later commit, a request for each new version up to the
   * first that changed rows, and two for each older one that is needed to tell which files were vacuumed (at most 50
   * versions together); three for an Iceberg table.
   *
   * @throws what the lakeFS client throws, but for what is not there
   */
  between(
    repository: string,
    commit: string,
    later: string,
    paths: readonly string[],
  ): Promise<readonly string[] | undefined>;
}

/** Bytes of one version's file, and of an Iceberg metadata file, which lists all snapshots. */
const maxDeltaBytes = 262_144;
const maxIcebergBytes = 1_048_576;

interface ObjectPlace {
  readonly repository: string;
  readonly commit: string;
  readonly path: string;
}

export function createTableRewrites(
  lakefs: LakefsClient,
  difference: CommitDifference,
  now: () => number,
): TableRewrites {
  const steps = createCache<DeltaStep | undefined>({ size: 5_000, ttlMs: () => immutableMs, now });
  const metadata = createCache<IcebergMetadata | undefined>({ size: 500, ttlMs: () => immutableMs, now });

  /**
   * Undefined where the object is not there, or larger than `limit`.
   *
   * @param known its size, where it is known: that saves a request
   */
  async function readText(
    { repository, commit, path }: ObjectPlace,
    known: number | undefined,
    limit: number,
  ): Promise<string | undefined> {
    try {
      const size = known ?? (await lakefs.statObject(repository, commit, path)).size_bytes;
      if (size === undefined || size > limit) return undefined;
      return (await lakefs.readObject(repository, commit, path)).toString('utf8');
    } catch (error) {
      if (isNotFound(error) || isGone(error)) return undefined;
      throw error;
    }
  }

  const stepAt = (place: ObjectPlace, size?: number): Promise<DeltaStep | undefined> =>
    steps.get(keyOf(place), async () => {
      const text = await readText(place, size, maxDeltaBytes);
      return text === undefined ? undefined : readDeltaStep(text);
    });

  const metadataAt = (place: ObjectPlace, size?: number): Promise<IcebergMetadata | undefined> =>
    metadata.get(keyOf(place), async () => {
      const text = await readText(place, size, maxIcebergBytes);
      return text === undefined ? undefined : readIcebergMetadata(text);
    });

  async function ofDelta(
    repository: string,
    [commit, later]: readonly [string, string],
    table: ChangedTable,
  ): Promise<readonly string[] | undefined> {
    const versions = newVersions(table);
    const [first] = versions ?? [];
    if (versions === undefined || first === undefined || versions.length > maxVersions) return undefined;
    const fresh: DeltaStep[] = [];
    for (const version of versions) {
      const name = deltaLogName(version);
      const place = { repository, commit: later, path: table.root + name };
      const step = await stepAt(place, table.changes.get(name)?.size);
      if (step === undefined || step.changesRows) return undefined;
      fresh.unshift(step);
    }
    const older: DeltaStep[] = [];
    for (let version = first - 1; ; version -= 1) {
      const explained = explainedBy(table, { fresh, older });
      if (explained === 'yes') return operationsOf(fresh.toReversed());
      if (explained === 'no' || version < 0 || fresh.length + older.length === maxVersions) return undefined;
      const step = await stepAt({ repository, commit, path: table.root + deltaLogName(version) });
      if (step === undefined) return undefined;
      older.push(step);
    }
  }

  async function ofIceberg(
    repository: string,
    [commit, later]: readonly [string, string],
    table: ChangedTable,
  ): Promise<readonly string[] | undefined> {
    const names = newMetadata(table);
    const newest = names?.at(-1);
    if (names === undefined || newest === undefined) return undefined;
    const file = `metadata/${newest}`;
    const after = await metadataAt(
      { repository, commit: later, path: table.root + file },
      table.changes.get(file)?.size,
    );
    const name = after && metadataBefore(table, names, after);
    if (after === undefined || name === undefined) return undefined;
    const before = await metadataAt({ repository, commit, path: `${table.root}metadata/${name}` });
    return before && icebergChange(table, before, after);
  }

  return {
    between: async (repository, commit, later, paths) => {
      const changes = await difference.ofTables(repository, commit, later, paths);
      const tables = changes && changedTables(changes);
      if (tables === undefined || tables.length === 0) return undefined;
      const words = new Set<string>();
      for (const table of tables) {
        const read = table.kind === 'delta' ? ofDelta : ofIceberg;
        const found = await read(repository, [commit, later], table);
        if (found === undefined) return undefined;
        for (const word of found) words.add(word);
      }
      return [...words];
    },
  };
}

function keyOf({ repository, commit, path }: ObjectPlace): string {
  return `${repository} ${commit} ${path}`;
}
