import { readRight } from '../../domain/common/rights.js';
import { count, shown } from '../../domain/common/text.js';
import { type Block, text } from './blocks.js';
import type { ScanCoverage } from './schema.js';

/** Runs that are named one by one, where they could not be checked. */
const maxNamed = 3;

/** Which runs were checked, so that nobody takes a limit for an answer. */
export function scanCoverageBlocks(coverage: ScanCoverage): readonly Block[] {
  const { unjudged, unreadExperiments } = coverage;
  const named = unjudged.slice(0, maxNamed).map(({ run, problem }) => `${shown(run)} (${shown(problem)})`);
  const more = unjudged.length > maxNamed ? '; …' : '';
  return [
    text(checkedText(coverage)),
    ...(unjudged.length === 0
      ? []
      : [
          text(
            `${count(unjudged.length, 'run')} could not be checked, so more may be affected: ${named.join('; ')}${more}`,
          ),
        ]),
    ...unreadBlocks(unreadExperiments),
  ];
}

/** Experiments whose runs are not in an answer, because MLflow does not let this user search them. */
export function unreadBlocks(experiments: readonly string[]): readonly Block[] {
  if (experiments.length === 0) return [];
  const named = experiments.slice(0, maxNamed).map((name) => `"${shown(name)}"`);
  const more = experiments.length > maxNamed ? ', …' : '';
  const what = `${count(experiments.length, 'experiment')} (${named.join(', ')}${more})`;
  return [text(`MLflow does not let you read ${what}, so runs may be missing here: ${readRight}.`)];
}

function checkedText({ tagged, taggedCut, scanned, scanCut }: ScanCoverage): string {
  const byTag = `${count(tagged, 'run')} found by tag${taggedCut ? ' (there are more)' : ''}`;
  if (!scanCut) return `Checked: all ${count(scanned, 'run')} of this server, and ${byTag}.`;
  const newest = scanned === 0 ? '' : `, and the newest ${count(scanned, 'run')}`;
  const which = scanned === 0 ? 'untagged' : 'older untagged';
  return `Checked: ${byTag}${newest}. Missing: ${which} runs, if any; --scan all checks every run.`;
}
