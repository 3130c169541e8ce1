import { readRight } from '../../domain/common/rights.js';
import { count, shown } from '../../domain/common/text.js';
import { type Block, text } from './blocks.js';
import type { Looked } from './consumers.js';

/** Runs that are named one by one, where they could not be judged. */
const maxNamed = 3;

/** What was looked at, so that nobody takes a limit for an answer. */
export function lookedBlocks({
  tagged,
  taggedCut,
  scanned,
  scanCut,
  unjudged,
  refused,
}: Looked): readonly Block[] {
  const byTags = `${count(tagged, 'run')} that tags lead to${taggedCut ? ' (and no more: there are too many)' : ''}`;
  return [
    text(`Looked at: ${byTags}, and ${scanText(scanned, scanCut)}.`),
    ...(unjudged.length === 0
      ? []
      : [
          text(
            `${count(unjudged.length, 'run')} could not be judged, so more may be concerned: ` +
              unjudged
                .slice(0, maxNamed)
                .map(({ run, problem }) => `${shown(run.id)} (${shown(problem)})`)
                .join('; ') +
              (unjudged.length > maxNamed ? '; …' : ''),
          ),
        ]),
    ...refusedBlocks(refused),
  ];
}

/** Experiments whose runs are not in an answer, because MLflow does not let this user search them. */
export function refusedBlocks(experiments: readonly string[]): readonly Block[] {
  if (experiments.length === 0) return [];
  const named = experiments.slice(0, maxNamed).map((name) => `"${shown(name)}"`);
  const more = experiments.length > maxNamed ? ', …' : '';
  const what = `${count(experiments.length, 'experiment')} (${named.join(', ')}${more})`;
  return [text(`MLflow does not let you read ${what}, so runs may be missing here: ${readRight}.`)];
}

function scanText(scanned: number, cut: boolean): string {
  if (!cut) return `all ${count(scanned, 'run')} of this server`;
  const older = 'of runs without tags older ones may be missing: --scan all looks at every run';
  return scanned === 0
    ? 'no others: of runs without tags all may be missing, --scan all looks at every run'
    : `the newest ${count(scanned, 'run')} of this server; ${older}`;
}

/** The same for machines. */
export function lookedJson({
  tagged,
  taggedCut,
  scanned,
  scanCut,
  unjudged,
  refused,
}: Looked): Record<string, unknown> {
  return {
    ...{ tagged, taggedCut, scanned, scanCut },
    unjudged: unjudged.map(({ run, problem }) => ({ run: run.id, problem })),
    unreadExperiments: refused,
  };
}
