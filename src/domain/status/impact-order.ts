import type { ReachKind } from './reach.js';

/** What the order of an answer goes by. */
export interface Weighed {
  /** Aliases of its model versions together. */
  readonly aliases: number;
  readonly versions: number;
  readonly certain: boolean;
  readonly reach: ReachKind;
  readonly deleted: boolean;
  /** Unix ms. */
  readonly startTime: number;
}

/** Nearest first. */
export const reachOrder: readonly ReachKind[] = [
  'itself',
  'downstream',
  'same-bytes',
  'rewritten',
  'unknown',
  'undone',
  'none',
];

/** What matters first: models under an alias, other model versions, runs; within these what is certain, near and new. */
export function byWeight(a: Weighed, b: Weighed): number {
  return (
    Number(b.aliases > 0) - Number(a.aliases > 0) ||
    Number(b.versions > 0) - Number(a.versions > 0) ||
    Number(a.deleted) - Number(b.deleted) ||
    Number(b.certain) - Number(a.certain) ||
    reachOrder.indexOf(a.reach) - reachOrder.indexOf(b.reach) ||
    b.startTime - a.startTime
  );
}
