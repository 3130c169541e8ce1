import type { Link } from '../../contract/run.js';
import type { Side } from '../shared/examined-run.js';

export interface ObjectDifference {
  readonly type: 'added' | 'removed' | 'changed';
  readonly path: string;
  /** Bytes at the first and at the second; undefined where it is not there, or not told. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** What differs between the data of two links, seen from the first. */
export interface Difference {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** False where there is more than was counted. */
  readonly complete: boolean;
  /** The first ones. */
  readonly objects: readonly ObjectDifference[];
}

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

export type Relation =
  /** Repository, commit and path are the same. */
  | 'same-source'
  /** Other commits or paths, but not one byte of data differs. */
  | 'same-bytes'
  | 'differ'
  | 'only-first'
  | 'only-second'
  | 'unknown';

export interface ComparedPair extends Pair {
  /** What is so if both read what their links say. */
  readonly relation: Relation;
  readonly certain: boolean;
  /** Why it is not certain or not known; empty otherwise. */
  readonly doubts: readonly string[];
  readonly difference: Difference | undefined;
  /** Objects that differ and hold no row, such as checkpoints, where all data is the same. */
  readonly housekeeping: number;
}

export type Outcome = 'same' | 'differ' | 'unknown';

export interface CodeComparison {
  readonly relation: 'same' | 'differ' | 'unknown';
  readonly first: string | undefined;
  readonly second: string | undefined;
  readonly reason: string;
}

export interface Comparison {
  readonly first: Side;
  readonly second: Side;
  readonly outcome: Outcome;
  /** In one sentence. */
  readonly reason: string;
  readonly pairs: readonly ComparedPair[];
  readonly code: CodeComparison;
}
