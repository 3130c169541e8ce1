import { byPlace } from '../../contract/links-tag.js';
import type { Link } from '../../contract/run.js';
import { groupBy } from '../../domain/common/collections.js';
import { withoutEndSlashes } from '../../domain/paths/path.js';
import type { Pair } from './schema.js';

export function samePlace(a: Link, b: Link): boolean {
  return sameRepository(a, b) && withoutEndSlashes(a.path) === withoutEndSlashes(b.path);
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

/** What two links must have in common to be taken for each other's counterpart; undefined for one that has none. */
interface Pass {
  readonly keyOf: (link: Link) => string | undefined;
  /** Only where each is the only one of its run with this key: else it would be a guess. */
  readonly alone: boolean;
}

/** Likeliest first. */
const passes: readonly Pass[] = [
  { keyOf: both(both(place, commit), dataset), alone: false },
  { keyOf: both(place, commit), alone: false },
  { keyOf: both(place, dataset), alone: false },
  { keyOf: place, alone: false },
  { keyOf: both(dataset, context), alone: false },
  { keyOf: dataset, alone: true },
  { keyOf: context, alone: true },
  { keyOf: repository, alone: true },
  { keyOf: () => '', alone: true },
];

function repository(link: Link): string {
  return JSON.stringify([link.installation, link.repository]);
}

function place(link: Link): string {
  return `${repository(link)} ${withoutEndSlashes(link.path)}`;
}

function commit(link: Link): string {
  return link.commit;
}

function dataset({ where, name }: Link): string | undefined {
  return where === 'input' ? name : undefined;
}

function context({ where, context: known }: Link): string | undefined {
  return where === 'input' ? known : undefined;
}

function both(first: Pass['keyOf'], second: Pass['keyOf']): Pass['keyOf'] {
  return (link) => {
    const [one, other] = [first(link), second(link)];
    return one === undefined || other === undefined ? undefined : JSON.stringify([one, other]);
  };
}

/** Finds for what each run read the other's counterpart. Links without one stand alone, at the end. */
export function pairLinks(first: readonly Link[], second: readonly Link[]): readonly Pair[] {
  const left = new Set([...first].sort(byPlace));
  const right = new Set([...second].sort(byPlace));
  const pairs: Pair[] = [];
  for (const { keyOf, alone } of passes) {
    const rights = groupBy(right, keyOf);
    const partners = new Map<Link, Link>();
    for (const [key, some] of groupBy(left, keyOf)) {
      const others = rights.get(key) ?? [];
      if (alone && (some.length > 1 || others.length > 1)) continue;
      for (const [at, a] of some.entries()) {
        const b = others[at];
        if (b === undefined) break;
        partners.set(a, b);
      }
    }
    for (const a of [...left]) {
      const b = partners.get(a);
      if (b === undefined) continue;
      left.delete(a);
      right.delete(b);
      pairs.push({ left: a, right: b });
    }
  }
  return [
    ...pairs,
    ...[...left].map((link) => ({ left: link, right: undefined })),
    ...[...right].map((link) => ({ left: undefined, right: link })),
  ];
}
