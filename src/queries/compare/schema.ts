import Type from 'typebox';
import type { Link } from '../../contract/run.js';
import {
  type Answer,
  briefRun,
  count,
  flag,
  oneOf,
  orNull,
  plainLink,
  string,
  stringOrNull,
} from '../shared/schema.js';

const objectDifference = Type.Object({
  type: oneOf(['added', 'removed', 'changed']),
  path: string,
  before: orNull(Type.Number(), 'Bytes that the first has; null if it has none, or lakeFS does not say'),
  after: orNull(Type.Number(), 'The same of the second'),
});
export type ObjectDifference = Answer<typeof objectDifference>;

const difference = Type.Object(
  {
    added: count,
    removed: count,
    changed: count,
    complete: Type.Boolean({ description: 'False if there is more than was counted' }),
    objects: Type.Array(objectDifference, { description: 'The first ones' }),
  },
  { description: 'What differs, seen from the first' },
);
export type Difference = Answer<typeof difference>;

const relation = oneOf(
  ['same-source', 'same-bytes', 'differ', 'only-first', 'only-second', 'unknown'],
  'What is true if both read what their links say. same-source: repository, commit and path are the same; ' +
    'same-bytes: another commit or path with the same data',
);
export type Relation = Answer<typeof relation>;

const pair = Type.Object({
  relation,
  certain: flag,
  doubts: Type.Array(string, { description: 'Why it is not certain or not known' }),
  first: orNull(plainLink),
  second: orNull(plainLink),
  difference: orNull(difference),
  housekeeping: Type.Number({
    description: 'Objects that differ and hold no row, such as checkpoints, if all data is the same',
  }),
});
export type ComparedPair = Answer<typeof pair>;

const comparedRun = Type.Object({
  asked: string,
  run: briefRun,
  unexplained: Type.Array(Type.Object({ name: string, digest: string }), {
    description: 'Datasets that it logged and of which nothing is known',
  }),
});
export type ComparedRun = Answer<typeof comparedRun>;

const code = Type.Object({
  relation: oneOf(['same', 'differ', 'unknown']),
  first: stringOrNull,
  second: stringOrNull,
  reason: string,
});
export type CodeComparison = Answer<typeof code>;

export const comparison = Type.Object({
  outcome: oneOf(['same', 'differ', 'unknown']),
  reason: string,
  first: comparedRun,
  second: comparedRun,
  pairs: Type.Array(pair),
  code,
});
export type Comparison = Answer<typeof comparison>;
export type Outcome = Comparison['outcome'];

/** What is known of the bytes that two links name. */
export type Bytes =
  /** `housekeeping`: objects that differ and hold no row. */
  | { readonly kind: 'equal'; readonly housekeeping: number }
  | { readonly kind: 'differ'; readonly difference: Difference }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Data that both read, or that only one did. */
export interface Pair {
  readonly left: Link | undefined;
  readonly right: Link | undefined;
}
