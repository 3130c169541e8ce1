import { iso } from '../shared/iso.js';
import { mendingOf, mendingOfRun } from './advice.js';
import { coverageWords, missingFor, percentOf } from './tally.js';
import type { Coverage, CoverageExample, CoverageGroup } from './types.js';

/** The answer for machines, as docs/answers.md describes it. `min`: the percentage that was asked for. */
export function coverageJson(coverage: Coverage, min?: number): Record<string, unknown> {
  const { scope, runs, covered, running, words, groups, beside } = coverage;
  return {
    scope: {
      ...{ kind: scope.kind, name: scope.name ?? null, page: scope.page ?? null },
      ...{ experiments: scope.experiments, since: iso(scope.since), limit: scope.limit ?? null },
      unreadExperiments: scope.refused,
    },
    ...{ runs, covered, running, percent: percentOf(coverage) ?? null },
    evidence: Object.fromEntries(coverageWords.map((word) => [word, words.get(word) ?? 0])),
    groups: groups.map(groupJson),
    coveredBeside: { runs: beside.runs, examples: beside.examples.map(exampleJson) },
    min:
      min === undefined
        ? null
        : { percent: min, met: missingFor(min, coverage) === 0, missing: missingFor(min, coverage) },
  };
}

function groupJson({ word, cause, runs, hint, examples }: CoverageGroup): Record<string, unknown> {
  const { why, how, lines, launch } = mendingOf(cause, hint);
  const run = examples[0]?.unit.run;
  return {
    ...{ evidence: word, cause, runs, why },
    mend: {
      ...{ how, script: lines, launch },
      run: run === undefined || lines.length === 0 ? [] : mendingOfRun(run, hint),
    },
    examples: examples.map(exampleJson),
  };
}

function exampleJson({ unit, detail }: CoverageExample): Record<string, unknown> {
  return { run: unit.run ?? null, name: unit.name, page: unit.page ?? null, detail };
}
