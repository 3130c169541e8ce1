import Type from 'typebox';
import type { Address } from '../../domain/references/address.js';
import { type Answer, count, flag, oneOf, orNull, string, stringOrNull, time } from '../shared/schema.js';
import { type CoverageCause, type CoverageWord, coverageCauses, coverageWords } from './words.js';

const example = Type.Object({
  run: orNull(string, 'Null for a model version without a run'),
  name: string,
  page: stringOrNull,
  detail: Type.String({ description: 'What the run says, or why it could not be read' }),
});
export type CoverageExample = Answer<typeof example>;

const group = Type.Object({
  evidence: oneOf(coverageWords),
  cause: oneOf(coverageCauses),
  runs: count,
  why: string,
  mend: Type.Object(
    {
      how: string,
      script: Type.Array(string, { description: 'Lines for the training script' }),
      launch: Type.Array(string, { description: 'The command to use if the script cannot be changed' }),
      run: Type.Array(string, { description: 'Lines that fix the first example' }),
    },
    { description: 'What makes the next runs covered' },
  ),
  examples: Type.Array(example),
});
export type CoverageGroup = Answer<typeof group>;

const scope = Type.Object({
  kind: oneOf(['all', 'experiment', 'model']),
  name: stringOrNull,
  page: stringOrNull,
  experiments: count,
  since: time,
  limit: orNull(count),
  unreadExperiments: Type.Array(string, {
    description: 'Experiments that MLflow does not let us search; their runs are not counted',
  }),
});
export type CoverageScope = Answer<typeof scope>;

export const coverage = Type.Object({
  scope,
  runs: count,
  covered: count,
  running: count,
  percent: orNull(Type.Number(), 'Rounded down; null if there are no runs'),
  evidence: Type.Unsafe<Record<CoverageWord, number>>(
    Type.Object(Object.fromEntries(coverageWords.map((word) => [word, count])), {
      description: 'Runs by their weakest evidence',
    }),
  ),
  groups: Type.Array(group, { description: 'Runs that are not covered, by reason; most runs first' }),
  coveredBeside: Type.Object(
    { runs: count, examples: Type.Array(example) },
    { description: 'Covered runs that also logged a dataset of which nothing is known' },
  ),
  min: orNull(Type.Object({ percent: Type.Number(), met: flag, missing: count })),
});
export type Coverage = Answer<typeof coverage>;

/** What became of one run. */
export interface CoverageJudgement {
  readonly word: CoverageWord;
  readonly covered: boolean;
  /** Undefined where the run is covered. */
  readonly cause: CoverageCause | undefined;
  /** What the run says, or why it could not be read. */
  readonly detail: string;
  /** For the lines that fix it. */
  readonly hint: Address | undefined;
  /** True where it also logged a dataset of which nothing is known. */
  readonly beside: boolean;
}

/** A run, or a version of a model, that is counted. */
export interface CoverageUnit {
  readonly run: string | null;
  readonly name: string;
  readonly page: string | null;
  readonly running: boolean;
}

export interface CoverageOptions {
  /** Unix ms; runs that started before (versions that were registered before) are not counted. */
  readonly since?: number | undefined;
  /** Count only so many of the newest. */
  readonly limit?: number | undefined;
  /** The percentage that is required. */
  readonly min?: number | undefined;
  /** Called after every page with how many were counted so far. */
  readonly progress?: ((runs: number) => void) | undefined;
}
