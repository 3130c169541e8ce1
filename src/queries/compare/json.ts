import type { Link } from '../../contract/run.js';
import type { Side } from '../shared/examined-run.js';
import type { ComparedPair, Comparison, Difference } from './types.js';

/** The answer for machines, as docs/answers.md describes it. */
export function comparisonJson(comparison: Comparison): Record<string, unknown> {
  const { first, second, outcome, reason, pairs, code } = comparison;
  return {
    ...{ outcome, reason, first: sideJson(first), second: sideJson(second) },
    pairs: pairs.map(pairJson),
    code: {
      ...{ relation: code.relation, first: code.first ?? null, second: code.second ?? null },
      reason: code.reason,
    },
  };
}

function sideJson({ asked, run, unexplained }: Side): Record<string, unknown> {
  return { asked, run, unexplained: unexplained.map(({ name, digest }) => ({ name, digest })) };
}

function pairJson({
  left,
  right,
  relation,
  certain,
  doubts,
  difference,
  housekeeping,
}: ComparedPair): Record<string, unknown> {
  return {
    ...{ relation, certain, doubts, first: linkJson(left), second: linkJson(right) },
    difference: difference === undefined ? null : differenceJson(difference),
    housekeeping,
  };
}

function linkJson(link: Link | undefined): Record<string, unknown> | null {
  return link === undefined ? null : { ...link, context: link.context ?? null };
}

function differenceJson({ added, removed, changed, complete, objects }: Difference): Record<string, unknown> {
  return {
    ...{ added, removed, changed, complete },
    objects: objects.map(({ type, path, before, after }) => ({
      ...{ type, path, before: before ?? null, after: after ?? null },
    })),
  };
}
