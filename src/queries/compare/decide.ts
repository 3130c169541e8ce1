import type { InputView, Link } from '../../contract/run.js';
import { count } from '../../domain/common/text.js';
import { explainEvidence } from '../shared/evidence.js';
import type { Side } from '../shared/examined-run.js';
import { alignPaths, samePlace } from './pair.js';
import type { Bytes, ComparedPair, Outcome, Pair, Relation } from './types.js';

/** True where lakeFS has to be asked: nothing in the links themselves says whether the bytes are the same. */
export function needsBytes({ left, right }: Pair): boolean {
  return left !== undefined && right !== undefined && !sameSource(left, right);
}

function sameSource(first: Link, second: Link): boolean {
  const [left, right] = alignPaths(first, second);
  return samePlace(left, right) && left.commit === right.commit;
}

/**
 * Decides about one pair. Uncertain links never lead to certainty; what would be so is told all the same.
 *
 * @param bytes undefined where they were not asked for
 */
export function decidePair({ left, right }: Pair, bytes: Bytes | undefined): ComparedPair {
  const doubts = [...doubtOf('the first', left), ...doubtOf('the second', right)];
  const pair = { left, right, difference: undefined, housekeeping: 0 };
  if (left === undefined || right === undefined) {
    const relation: Relation = left === undefined ? 'only-second' : 'only-first';
    return { ...pair, relation, certain: doubts.length === 0, doubts };
  }
  if ((left.path === '') !== (right.path === '')) {
    const which = left.path === '' ? 'first' : 'second';
    doubts.push(`the ${which} names a commit without a path, so which part of it was read is not known`);
  }
  if (sameSource(left, right))
    return { ...pair, relation: 'same-source', certain: doubts.length === 0, doubts };
  if (bytes === undefined || bytes.kind === 'unknown') {
    const reason = bytes?.reason ?? 'lakeFS was not asked';
    return { ...pair, relation: 'unknown', certain: false, doubts: [...doubts, reason] };
  }
  const certain = doubts.length === 0;
  if (bytes.kind === 'equal') {
    return { ...pair, relation: 'same-bytes', certain, doubts, housekeeping: bytes.housekeeping };
  }
  return { ...pair, relation: 'differ', certain, doubts, difference: bytes.difference };
}

function doubtOf(which: string, link: Link | undefined): readonly string[] {
  if (link === undefined || link.certain) return [];
  return [`what ${which} read is not certain (${link.kind}): ${explainEvidence(link)}`];
}

/** The answer as a whole. One certain difference is enough; to be the same, all has to be certain. */
export function decideOutcome(
  first: Side,
  second: Side,
  pairs: readonly ComparedPair[],
): { readonly outcome: Outcome; readonly reason: string } {
  if (first.run.id === second.run.id) return { outcome: 'same', reason: 'Both are the same run.' };
  const trouble = first.trouble ?? second.trouble;
  if (trouble !== undefined) return unknown(trouble);
  const silent = [first, second].filter(({ links }) => links.length === 0);
  if (silent.length > 0) {
    const which = silent.length === 2 ? 'either run' : `the ${silent[0] === first ? 'first' : 'second'} run`;
    return unknown(`nothing is known of what data of lakeFS ${which} read`);
  }
  const differing = pairs.filter(({ relation, certain }) => certain && isDifference(relation));
  if (differing.length > 0) {
    return { outcome: 'differ', reason: differenceText(differing, pairs) };
  }
  const doubtful = pairs.filter(({ certain }) => !certain);
  if (doubtful.length > 0) return unknown(`${doubtful[0]?.doubts[0] ?? ''}${several(doubtful, pairs)}`);
  const beside = unmatched(first.unexplained, second.unexplained);
  if (beside !== undefined) {
    const { name } = beside;
    return unknown(
      `what is known is the same, but dataset "${name}" was logged too, of which nothing is known`,
    );
  }
  const other = pairs.some(({ relation }) => relation === 'same-bytes');
  if (pairs.some(({ housekeeping }) => housekeeping > 0)) {
    return {
      outcome: 'same',
      reason: 'They read the same data; only housekeeping files differ (checkpoints, checksums, markers).',
    };
  }
  return {
    outcome: 'same',
    reason: other
      ? 'They read the same bytes, under different names.'
      : 'They read the same data: repository, commit and path are the same.',
  };
}

function differenceText(differing: readonly ComparedPair[], pairs: readonly ComparedPair[]): string {
  const [pair] = differing;
  const link = pair?.left ?? pair?.right;
  const what = link?.where === 'input' ? `dataset "${link.name}"` : 'the commit that is declared';
  const of = several(differing, pairs);
  if (pair?.relation === 'differ') return `The bytes differ of ${what}${of}.`;
  return `Only the ${pair?.relation === 'only-first' ? 'first' : 'second'} names ${what}${of}.`;
}

function isDifference(relation: Relation): boolean {
  return relation === 'differ' || relation === 'only-first' || relation === 'only-second';
}

function several(some: readonly unknown[], all: readonly unknown[]): string {
  return all.length === 1 ? '' : ` (${some.length} of ${count(all.length, 'dataset')})`;
}

/** Of such a dataset only the digest can be compared: the same on both sides it says nothing against them. */
function unmatched(first: readonly InputView[], second: readonly InputView[]): InputView | undefined {
  const without = (some: readonly InputView[], others: readonly InputView[]): InputView | undefined =>
    some.find(({ name, digest }) => !others.some((other) => other.name === name && other.digest === digest));
  return without(first, second) ?? without(second, first);
}

function unknown(reason: string): { readonly outcome: Outcome; readonly reason: string } {
  return { outcome: 'unknown', reason: `It cannot be known: ${reason}.` };
}
