import { fixOf } from './advice.js';
import type {
  Coverage,
  CoverageExample,
  CoverageGroup,
  CoverageJudgement,
  CoverageScope,
  CoverageUnit,
} from './schema.js';
import { type CoverageWord, coverageWords } from './words.js';

/** Runs that are shown for each reason. */
const maxExamples = 3;

/** Counts judgements one by one; what it keeps does not grow with their number. */
export interface CoverageTally {
  add(unit: CoverageUnit, judgement: CoverageJudgement): void;
  readonly runs: () => number;
  /** `min`: the percentage that is required. */
  result(scope: CoverageScope, min?: number): Coverage;
}

interface Counted {
  readonly first: CoverageJudgement;
  runs: number;
  readonly examples: CoverageExample[];
}

export function createCoverageTally(): CoverageTally {
  const words = new Map<CoverageWord, number>();
  const groups = new Map<string, Counted>();
  const beside: { runs: number; readonly examples: CoverageExample[] } = { runs: 0, examples: [] };
  let [runs, covered, running] = [0, 0, 0];

  function addTo(
    counted: Pick<Counted, 'runs' | 'examples'>,
    unit: CoverageUnit,
    { detail }: CoverageJudgement,
  ): void {
    counted.runs += 1;
    if (counted.examples.length >= maxExamples) return;
    const { run, name, page } = unit;
    counted.examples.push({ run, name, page, detail });
  }

  return {
    add: (unit, judgement) => {
      runs += 1;
      if (unit.running) running += 1;
      words.set(judgement.word, (words.get(judgement.word) ?? 0) + 1);
      if (judgement.covered) {
        covered += 1;
        if (judgement.beside) addTo(beside, unit, judgement);
        return;
      }
      const key = `${judgement.word} ${judgement.cause ?? ''}`;
      const counted = groups.get(key) ?? { first: judgement, runs: 0, examples: [] };
      groups.set(key, counted);
      addTo(counted, unit, judgement);
    },
    runs: () => runs,
    result: (scope, min) => {
      const missing = min === undefined ? 0 : missingFor(min, { runs, covered });
      return {
        ...{ scope, runs, covered, running, percent: percentOf({ runs, covered }) ?? null },
        evidence: Object.fromEntries(
          coverageWords.map((word) => [word, words.get(word) ?? 0]),
        ) as Coverage['evidence'],
        groups: [...groups.values()].flatMap(toGroup).sort((a, b) => b.runs - a.runs),
        coveredBeside: beside,
        min: min === undefined ? null : { percent: min, met: missing === 0, missing },
      };
    },
  };
}

function toGroup({ first, runs, examples }: Counted): readonly CoverageGroup[] {
  const { word, cause, hint } = first;
  if (cause === undefined) return [];
  const { why, mend } = fixOf(cause, hint, examples[0]?.run ?? undefined);
  return [{ evidence: word, cause, runs, why, mend, examples }];
}

/** How many more runs would have to be covered; 0 where enough are. No runs: nothing is missing. */
export function missingFor(percent: number, { runs, covered }: Pick<Coverage, 'runs' | 'covered'>): number {
  // In whole thousandths, so that 0.1 + 0.2 is no question here.
  const needed = Math.ceil((runs * Math.round(percent * 1_000)) / 100_000);
  return Math.max(needed - covered, 0);
}

/** Never rounded up: 94.96 % is not 95 %. Undefined where there is nothing to cover. */
export function percentOf({ runs, covered }: Pick<Coverage, 'runs' | 'covered'>): number | undefined {
  return runs === 0 ? undefined : Math.floor((covered * 1_000) / runs) / 10;
}
