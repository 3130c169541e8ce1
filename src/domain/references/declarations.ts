import type { ResolvedReference } from '../links/link-of.js';
import type { Ask, Question } from '../links/questions.js';
import { asDirectory, isUnder } from '../paths/path.js';
import type { Reference } from './reference.js';

/** A reference of one installation. */
interface Placed {
  readonly reference: Reference;
  readonly installation: string;
}

/** By the run's own hand, or by that of the run that it is nested in: MLflow does not share it among runs. */
export function isByHand({ reference }: Placed): boolean {
  return reference.where !== 'input';
}

/** A commit that a run names without a path: it speaks about all that the run reads of the repository. */
export function isDeclaration(entry: Placed): boolean {
  return isByHand(entry) && entry.reference.address.path === '';
}

export function inOneRepository(a: Placed, b: Placed): boolean {
  return (
    a.installation === b.installation && a.reference.address.repository === b.reference.address.repository
  );
}

/** The references by hand whose commit should be that of what is read at `entry`. */
export function speakingAbout(
  entry: Placed,
  byHand: readonly ResolvedReference[],
): readonly ResolvedReference[] {
  // Two addresses by one hand are two statements, also about one path: a run may compare two versions.
  const fits = (other: ResolvedReference): boolean =>
    isDeclaration(other) || (!isByHand(entry) && covers(other, entry));
  return byHand.filter((other) => inOneRepository(other, entry) && fits(other));
}

/** The references by hand that say at which commit the branch or tag of `entry` was read. */
export function pinning(entry: Placed, byHand: readonly ResolvedReference[]): readonly ResolvedReference[] {
  return byHand.filter((other) => inOneRepository(other, entry) && covers(other, entry));
}

/** A closing slash means nothing at the end of either path. */
function covers(outer: Placed, inner: Placed): boolean {
  return isUnder(asDirectory(inner.reference.address.path), outer.reference.address.path);
}

/**
 * Of commits that are declared for the same data, those that stand against one another: other bytes at each. The
 * question is put once for each commit but the first.
 */
export function contradicting(
  rivals: readonly ResolvedReference[],
  path: string,
  ask: Ask,
): ReadonlySet<string> {
  const [first, ...others] = [...new Set(rivals.map(({ commit }) => commit))].sort();
  const [any] = rivals;
  if (first === undefined || any === undefined) return new Set();
  const unequal = others.filter((commit) => ask(equalBytes(any, [first, commit], path)) === false);
  return new Set(unequal.length > 0 ? [first, ...unequal] : []);
}

export function equalBytes(
  { reference, installation }: Placed,
  commits: readonly [string, string],
  path: string,
): Question {
  return { kind: 'equal', installation, repository: reference.address.repository, commits, path };
}
