import { evidenceKinds, linkStatuses } from '../../../src/contract/words.js';
import type { Claim } from './check.js';
import { claimKey } from './check.js';

/** What was labelled and what was found of one run. */
export interface Scored {
  readonly run: string;
  readonly wanted: readonly Claim[];
  readonly found: readonly Claim[];
  readonly wantedStatus: string;
  readonly foundStatus: string;
}

export interface KindScore {
  readonly kind: string;
  readonly wanted: number;
  readonly found: number;
  readonly right: number;
  readonly precision: number;
  readonly recall: number;
}

/** Precision and recall per evidence kind, over the links of all runs. */
export function scoreKinds(scored: readonly Scored[]): readonly KindScore[] {
  return evidenceKinds.map((kind) => {
    const keys = (side: 'wanted' | 'found'): Set<string> =>
      new Set(
        scored.flatMap((entry) =>
          entry[side].filter((claim) => claim.kind === kind).map((claim) => entry.run + claimKey(claim)),
        ),
      );
    const wanted = keys('wanted');
    const found = keys('found');
    const right = [...found].filter((key) => wanted.has(key)).length;
    return {
      kind,
      wanted: wanted.size,
      found: found.size,
      right,
      precision: found.size === 0 ? 1 : right / found.size,
      recall: wanted.size === 0 ? 1 : right / wanted.size,
    };
  });
}

/** Lines for people: a table of the kinds, and one of statuses as labelled (rows) and as found (columns). */
export function tellScores(title: string, scored: readonly Scored[]): string {
  const kinds = scoreKinds(scored).map(({ kind, wanted, found, right, precision, recall }) =>
    row(kind, [wanted, found, right, precision.toFixed(2), recall.toFixed(2)]),
  );
  const statuses = [...linkStatuses, 'none'];
  const confusion = statuses.map((wanted) =>
    row(
      wanted,
      statuses.map(
        (found) =>
          scored.filter((entry) => entry.wantedStatus === wanted && entry.foundStatus === found).length,
      ),
    ),
  );
  return [
    '',
    title,
    row('evidence', ['labelled', 'found', 'right', 'precision', 'recall']),
    ...kinds,
    '',
    row('status', statuses),
    ...confusion,
    '',
  ].join('\n');
}

function row(first: string, cells: readonly (string | number)[]): string {
  return `  ${first.padEnd(12)}${cells.map((cell) => String(cell).padStart(12)).join('')}`;
}
