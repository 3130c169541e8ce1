import Type from 'typebox';
import {
  type Answer,
  commit,
  consumer,
  count,
  flag,
  orNull,
  refKind,
  scanCoverage,
  string,
  time,
} from '../shared/schema.js';

/** Objects under a path that a commit changed. */
const pathCounts = Type.Object({
  added: count,
  changed: count,
  removed: count,
  cut: Type.Boolean({ description: 'Whether there are more than were counted' }),
});
export type PathCounts = Answer<typeof pathCounts>;

/** The data under a path from one commit that changed it to the next. */
const pathVersion = Type.Object({
  commit: string,
  message: string,
  committer: string,
  date: time,
  changed: pathCounts,
  emptied: Type.Boolean({ description: 'Whether nothing is left under the path' }),
  sameAs: orNull(string, 'An older version of the same bytes'),
  alsoKnownAs: Type.Array(string, {
    description:
      'Commits that runs read and that hold the same bytes under the path, or under what was read of it',
  }),
  readers: Type.Array(consumer),
});
export type PathVersion = Answer<typeof pathVersion>;

/** What `lineage` answers about a path: its history on a ref. */
export const pathLineage = Type.Object({
  kind: Type.Literal('path'),
  asked: string,
  ref: string,
  refKind,
  path: string,
  there: Type.Boolean({ description: 'Whether something is at the path now' }),
  commit,
  versions: Type.Array(pathVersion, { description: 'Newest first' }),
  others: Type.Array(consumer, {
    description: 'Runs that read older versions of the path, or other bytes on other branches',
  }),
  walked: Type.Integer({ minimum: 0, description: 'Commits that were read' }),
  limits: Type.Object({ versions: flag }),
  looked: scanCoverage,
});
export type PathLineage = Answer<typeof pathLineage>;
