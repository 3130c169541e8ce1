import Type from 'typebox';
import {
  type Answer,
  branchState,
  changedPath,
  commit,
  evidence,
  flag,
  modelVersion,
  oneOf,
  reach,
  run,
  scanCoverage,
  string,
} from '../shared/schema.js';

const hit = Type.Object({
  run,
  links: Type.Array(
    Type.Object({
      installation: string,
      repository: string,
      commit: string,
      path: string,
      kind: evidence,
      certain: flag,
      reach,
      holds: Type.Integer({ minimum: 0, description: 'Changed objects that it has as the change left them' }),
      of: Type.Integer({ minimum: 0, description: 'Changed objects under the path' }),
      explanation: string,
    }),
    { description: 'The nearest first' },
  ),
  versions: Type.Array(modelVersion),
});
export type Hit = Answer<typeof hit>;
export type HitLink = Hit['links'][number];

/** What `impact` answers. Models with an alias come first. */
export const impact = Type.Object({
  asked: string,
  kind: oneOf(['commit', 'branch', 'path']),
  commit,
  ref: string,
  path: string,
  changed: Type.Array(changedPath),
  branches: Type.Array(branchState),
  hits: Type.Array(hit),
  maybe: Type.Array(hit, {
    description: 'Runs that read later versions, which may hold the change: other bytes were written since',
  }),
  spared: Type.Integer({ minimum: 0, description: 'Runs that read the same paths after it was undone' }),
  limits: Type.Object({ branches: flag, changes: flag, commits: flag }),
  looked: scanCoverage,
});
export type ImpactAnswer = Answer<typeof impact>;
