import { evidenceKinds } from '../../contract/words.js';

/** The weakest evidence of a run's links; `nothing` where it has none, `unknown` where it could not be judged now. */
export const coverageWords = [...evidenceKinds, 'nothing', 'unknown'] as const;
export type CoverageWord = (typeof coverageWords)[number];

/** Why a run is not covered, as a code that stays, those of what a run says by how easy they are to fix; `causeTexts` says each in words. */
export const coverageCauses = [
  'shared-source',
  'moved-tag',
  'moving-branch',
  'changed-branch',
  'uncommitted-read',
  'contradiction',
  'unpinned-ref',
  'unknown-commit',
  'incomplete-tags',
  'unknown-repository',
  'code-source',
  'other-source',
  'no-dataset',
  'no-run',
  'unreadable',
] as const;
export type CoverageCause = (typeof coverageCauses)[number];
