import { limits } from '../../contract/limits.js';
import { catalogKind, guideTag, mlflowTag, ourTag } from '../../contract/tags.js';
import { firstLine, storable, toLine } from '../common/text.js';
import type { Change, DatasetPath } from '../paths/dataset-paths.js';
import { catalogNote, type NoteFacts } from './note.js';
import { operationOf } from './operation.js';

/** A candidate: a dataset input of a catalog run, in MLflow's own shape. */
export interface CandidateInput {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly source_type: 's3';
    readonly source: string;
    readonly profile: string;
  };
}

/** The MLflow run that stands for one commit, as it should be. */
export interface CatalogEntry {
  readonly runName: string;
  /** Unix ms: the commit's time, which is the run's start and end. */
  readonly time: number;
  readonly tags: ReadonlyMap<string, string>;
  readonly metrics: ReadonlyMap<string, number>;
  readonly inputs: readonly CandidateInput[];
}

export interface EntryFacts extends NoteFacts {
  /** All that the commit changed, whether data or not. */
  readonly changes: readonly Change[];
  /** Runs of this MLflow server that the commit's metadata names, sorted. */
  readonly makers?: readonly string[];
}

/** Ids of the runs that made the commit, joined by a blank, where its metadata names any. */
export const madeByTag = ourTag.madeBy;

/** The runs that a catalog run names as makers of its commit. */
export function runsInTag(tags: ReadonlyMap<string, string>): readonly string[] {
  return (tags.get(madeByTag) ?? '').split(' ').filter((id) => id !== '');
}

/** What the catalog says about a commit. */
export function catalogEntry(facts: EntryFacts): CatalogEntry {
  const { commit, branch, place } = facts;
  const label = branch === undefined ? commit.id.slice(0, 12) : `${branch}@${commit.id.slice(0, 12)}`;
  const title = firstLine(commit.message, limits.runName);
  const tags: readonly (readonly [string, string])[] = [
    [ourTag.kind, catalogKind.commit],
    [guideTag.repo, place.repository],
    [guideTag.branch, branch ?? ''],
    [guideTag.commit, commit.id],
    [ourTag.operation, operationOf(commit)],
    [ourTag.parents, commit.parents.join(' ')],
    [ourTag.metaRange, commit.meta_range_id],
    [ourTag.committer, toLine(commit.committer, 500)],
    [madeByTag, (facts.makers ?? []).join(' ')],
    [ourTag.status, 'current'],
    [mlflowTag.note, catalogNote(facts)],
  ];
  return {
    runName: toLine(title === '' ? label : `${label}: ${title}`, limits.runName),
    time: catalogTime(commit),
    tags: new Map(
      tags.flatMap(([key, value]) => (value === '' ? [] : [[key, storable(value, limits.tagValue)]])),
    ),
    metrics: facts.complete ? metricsOf(facts.changes) : new Map(),
    inputs: facts.paths.map((path) => candidate(facts, path)),
  };
}

/** When the catalog run of a commit starts and ends, Unix ms: the commit's own time, which is part of its id. */
export function catalogTime(commit: { readonly creation_date: number }): number {
  return Math.min(Math.max(Math.trunc(commit.creation_date) * 1_000, 0), limits.time);
}

function metricsOf(changes: readonly Change[]): ReadonlyMap<string, number> {
  const number = (type: Change['type']): number => changes.filter((change) => change.type === type).length;
  const written = changes.filter(({ type }) => type === 'added' || type === 'changed');
  return new Map([
    ['objects_added', number('added')],
    ['objects_changed', number('changed')],
    ['objects_removed', number('removed')],
    ['bytes', written.reduce((sum, { size_bytes }) => sum + (size_bytes ?? 0), 0)],
  ]);
}

function candidate({ place, commit, complete }: EntryFacts, path: DatasetPath): CandidateInput {
  const { added, changed, removed, bytes } = path;
  return {
    tags: [{ key: mlflowTag.dataContext, value: 'candidate' }],
    dataset: {
      name: path.name,
      digest: commit.id.slice(0, 12),
      source_type: 's3',
      source: JSON.stringify({ uri: `s3://${place.repository}/${commit.id}/${path.path}` }),
      profile: JSON.stringify(
        complete ? { added, changed, removed, bytes } : { objects: 'too many to count' },
      ),
    },
  };
}
