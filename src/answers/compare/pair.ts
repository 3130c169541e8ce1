import { byPlace } from '../../domain/link-tags.js';
import type { Link } from '../../domain/run.js';
import { withoutEndSlashes } from '../../domain/slashes.js';
import type { Pair } from './types.js';

/** `gold` and `gold/` are one path. */
export function plainPath(path: string): string {
  return withoutEndSlashes(path);
}

export function samePlace(a: Link, b: Link): boolean {
  return sameRepository(a, b) && plainPath(a.path) === plainPath(b.path);
}

/** A link that names a commit only is compared under the path that the other names. */
export function alignPaths(left: Link, right: Link): readonly [Link, Link] {
  if (!sameRepository(left, right)) return [left, right];
  if (left.path === '') return [{ ...left, path: right.path }, right];
  return right.path === '' ? [left, { ...right, path: left.path }] : [left, right];
}

function sameRepository(a: Link, b: Link): boolean {
  return a.installation === b.installation && a.repository === b.repository;
}

function sameContext(a: Link, b: Link): boolean {
  return a.where === 'input' && b.where === 'input' && a.context !== undefined && a.context === b.context;
}

function sameDataset(a: Link, b: Link): boolean {
  return a.where === 'input' && b.where === 'input' && a.name === b.name;
}

interface Pass {
  readonly fits: (a: Link, b: Link) => boolean;
  /** Only where each is the only one on its side that fits: else it would be a guess. */
  readonly alone: boolean;
}

/** Likeliest first. */
const passes: readonly Pass[] = [
  { fits: (a, b) => samePlace(a, b) && a.commit === b.commit && sameDataset(a, b), alone: false },
  { fits: (a, b) => samePlace(a, b) && a.commit === b.commit, alone: false },
  { fits: (a, b) => samePlace(a, b) && sameDataset(a, b), alone: false },
  { fits: samePlace, alone: false },
  { fits: (a, b) => sameDataset(a, b) && sameContext(a, b), alone: false },
  { fits: sameDataset, alone: true },
  { fits: sameContext, alone: true },
  { fits: sameRepository, alone: true },
  { fits: () => true, alone: true },
];

/** Finds for what each run read the other's counterpart. Links without one stand alone, at the end. */
export function pairLinks(first: readonly Link[], second: readonly Link[]): readonly Pair[] {
  const left = [...first].sort(byPlace);
  const right = [...second].sort(byPlace);
  const pairs: Pair[] = [];
  for (const { fits, alone } of passes) {
    for (const a of [...left]) {
      const found = right.filter((b) => fits(a, b));
      const [b] = found;
      if (b === undefined) continue;
      if (alone && (found.length > 1 || left.filter((other) => fits(other, b)).length > 1)) continue;
      left.splice(left.indexOf(a), 1);
      right.splice(right.indexOf(b), 1);
      pairs.push({ left: a, right: b });
    }
  }
  return [
    ...pairs,
    ...left.map((link) => ({ left: link, right: undefined })),
    ...right.map((link) => ({ left: undefined, right: link })),
  ];
}
