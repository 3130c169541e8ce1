import type { InputView, Link } from '../../contract/run.js';
import { count } from '../../domain/common/text.js';
import { explainEvidence } from '../shared/evidence.js';
import { type ExaminedRun, plainLinkOf } from '../shared/examined-run.js';
import { alignPaths, samePlace } from './pair.js';
import type { Bytes, ComparedPair, Outcome, Pair, Relation } from './schema.js';

/** True where lakeFS has to be asked: nothing in the links themselves says whether the bytes are the same. */
export function needsBytes({ left, right }: Pair): boolean {
  return left !== undefined && right !== undefined && !sameSource(left, right);
}

function sameSource(first: Link, second: Link): boolean {
  const [left, right] = alignPaths(first, second);
  return samePlace(left, right) && left.commit === right.commit;
}

/**
 * Decides about one pair. Uncertain links never lead to certainty; the relation is what would be true.
 *
 * @param bytes undefined where they were not asked for
 */
export function decidePair(pair: Pair, bytes: Bytes | undefined): ComparedPair {
  const { left, right } = pair;
  const doubts = [...doubtOf('the first', left), ...doubtOf('the second', right)];
  if (left !== undefined && right !== undefined && (left.path === '') !== (right.path === '')) {
    const which = left.path === '' ? 'first' : 'second';
    doubts.push(`the ${which} names a commit without a path, so which part of it was read is not known`);
  }
  const relation = relationOf(pair, bytes);
  if (relation === 'unknown') doubts.push(bytes?.kind === 'unknown' ? bytes.reason : 'lakeFS was not asked');
  return {
    ...{ relation, certain: doubts.length === 0, doubts },
    first: left === undefined ? null : plainLinkOf(left),
    second: right === undefined ? null : plainLinkOf(right),
    difference: relation === 'differ' && bytes?.kind === 'differ' ? bytes.difference : null,
    housekeeping: relation === 'same-bytes' && bytes?.kind === 'equal' ? bytes.housekeeping : 0,
  };
}

function relationOf({ left, right }: Pair, bytes: Bytes | undefined): Relation {
  if (left === undefined) return 'only-second';
  if (right === undefined) return 'only-first';
  if (sameSource(left, right)) return 'same-source';
  if (bytes === undefined || bytes.kind === 'unknown') return 'unknown';
  return bytes.kind === 'equal' ? 'same-bytes' : 'differ';
}

function doubtOf(which: string, link: Link | undefined): readonly string[] {
  if (link === undefined || link.certain) return [];
  return [`what ${which} read is not certain (${link.kind}): ${explainEvidence(link)}`];
}

/** The answer as a whole. One certain difference is enough; to be the same, all has to be certain. */
export function decideOutcome(
  first: ExaminedRun,
  second: ExaminedRun,
  pairs: readonly ComparedPair[],
): { readonly outcome: Outcome; readonly reason: string } {
  if (first.run.id === second.run.id) return { outcome: 'same', reason: 'Both are the same run.' };
  const trouble = first.trouble ?? second.trouble;
  if (trouble !== undefined) return unknown(trouble);
  const silent = [first, second].filter(({ links }) => links.length === 0);
  if (silent.length > 0) {
    const which = silent.length === 2 ? 'either run' : `the ${silent[0] === first ? 'first' : 'second'} run`;
    return unknown(`no lakeFS data is known for ${which}`);
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
      `what is known is the same, but nothing is known of dataset "${name}", which was logged too`,
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
  const link = pair?.first ?? pair?.second;
  const what = link?.where === 'input' ? `dataset "${link.name}"` : 'the declared commit';
  const of = several(differing, pairs);
  if (pair?.relation === 'differ') return `${capitalized(what)} differs${of}.`;
  return `Only the ${pair?.relation === 'only-first' ? 'first' : 'second'} names ${what}${of}.`;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function isDifference(relation: Relation): boolean {
  return relation === 'differ' || relation === 'only-first' || relation === 'only-second';
}

function several(some: readonly unknown[], all: readonly unknown[]): string {
  return all.length === 1 ? '' : ` (${some.length} of ${count(all.length, 'dataset')})`;
}

/** Of such a dataset only the digest can be compared: the same in both it says nothing against them. */
function unmatched(first: readonly InputView[], second: readonly InputView[]): InputView | undefined {
  const without = (some: readonly InputView[], others: readonly InputView[]): InputView | undefined =>
    some.find(({ name, digest }) => !others.some((other) => other.name === name && other.digest === digest));
  return without(first, second) ?? without(second, first);
}

function unknown(reason: string): { readonly outcome: Outcome; readonly reason: string } {
  return { outcome: 'unknown', reason: `This cannot be determined: ${reason}.` };
}
