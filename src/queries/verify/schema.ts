import Type from 'typebox';
import { type Answer, count, flag, oneOf, string, stringOrNull } from '../shared/schema.js';

const tagDifference = Type.Object({ key: string, there: stringOrNull, should: stringOrNull });
export type TagDifference = Answer<typeof tagDifference>;

const finding = Type.Object({
  kind: oneOf(['differs', 'unknown']),
  id: string,
  name: string,
  page: string,
  cause: Type.Optional(
    oneOf(
      ['not-tagged', 'data-moved-on', 'changed'],
      'Not written yet; the data was superseded, reverted or restored since; a tag or the run was edited',
    ),
  ),
  written: Type.Optional(Type.Boolean({ description: 'False in observe mode: the service writes no tags' })),
  putRight: Type.Optional(Type.String({ description: 'What will correct the tags' })),
  differences: Type.Optional(Type.Array(tagDifference)),
  reason: Type.Optional(Type.String({ description: 'Why the run could not be checked' })),
});
export type Finding = Answer<typeof finding>;
export type DifferenceCause = NonNullable<Finding['cause']>;

export const verification = Type.Object({
  scope: Type.Object({ kind: oneOf(['run', 'experiment']), name: string, page: string }),
  runs: count,
  cut: Type.Boolean({ description: 'Whether there are older runs that were not checked' }),
  differ: count,
  unknown: Type.Integer({ minimum: 0, description: 'Runs that could not be checked' }),
  agree: flag,
  settled: Type.Array(Type.Object({ reason: string, runs: count }), {
    description: 'Of the others: why there is nothing to write',
  }),
  findings: Type.Array(finding, { description: 'The first runs that differ or could not be checked' }),
});
export type Verification = Answer<typeof verification>;
