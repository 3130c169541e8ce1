import Type, { type Static, type TSchema } from 'typebox';
import type { Flag } from '../../contract/flags.js';
import { evidenceKinds, linkStatuses } from '../../contract/words.js';

/**
 * What the answers of several questions have in common. Each schema is three things at once: the type of an answer
 * (`Answer<typeof …>`), its JSON as the commands print it, and its description in `/openapi.json`. Fields may be added,
 * none changes its meaning. Words for it are in docs/lineage.md, docs/impact.md and docs/answers.md.
 */
export type Answer<T extends TSchema> = DeepReadonly<Static<T>>;

type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

export const string = Type.String();
export const flag = Type.Boolean();
export const count = Type.Integer({ minimum: 0 });
export const stringOrNull = orNull(string);
export const strings = Type.Array(string);
/** Flags of a link (docs/tags.md). */
const flagList = Type.Unsafe<readonly Flag[]>(Type.Array(string));
export const time = Type.Union([string, Type.Null()], {
  description: 'ISO 8601 in UTC; null if there is none',
});

export function orNull<T extends TSchema>(schema: T, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}

export function oneOf<const T extends readonly string[]>(values: T, description?: string) {
  return Type.Unsafe<T[number]>({
    ...{ type: 'string', enum: [...values] },
    ...(description === undefined ? {} : { description }),
  });
}

const runFields = {
  id: string,
  name: string,
  experimentId: string,
  experiment: string,
  status: string,
  deleted: flag,
  startTime: time,
  endTime: time,
  page: string,
};
export const run = Type.Object(runFields);
export type RunAnswer = Answer<typeof run>;

export const commitFields = {
  installation: stringOrNull,
  repository: string,
  branch: orNull(string, 'A branch that contains it'),
  commit: string,
  found: Type.Boolean({ description: 'Whether lakeFS has the commit now' }),
  message: stringOrNull,
  committer: stringOrNull,
  date: time,
  page: stringOrNull,
};
export const commit = Type.Object(commitFields);
export type CommitAnswer = Answer<typeof commit>;

const where = oneOf(['input', 'tag', 'param', 'parent'], 'Where the run says so');
export const evidence = oneOf(evidenceKinds, 'How we know that the run read it');
const linkStatus = oneOf([...linkStatuses, 'unknown'], 'Whether the data is still good');

/** A link as the tag `lakefs.links` holds it. */
export const plainLink = Type.Object({
  installation: string,
  repository: string,
  commit: string,
  ref: string,
  path: string,
  where,
  name: string,
  context: stringOrNull,
  kind: evidence,
  certain: flag,
  flags: flagList,
});
export type PlainLink = Answer<typeof plainLink>;

/** A link with its commit and what became of the data. */
export const link = Type.Object({
  ...commitFields,
  installation: string,
  path: string,
  ref: string,
  where,
  name: string,
  context: stringOrNull,
  kind: evidence,
  certain: flag,
  flags: flagList,
  explanation: string,
  kept: orNull(string, 'Why it cannot be checked now, for a link that was found earlier'),
  status: linkStatus,
  because: orNull(string, 'The commit since which it has been superseded or reverted'),
  statusReason: string,
  sameAs: Type.Array(string, {
    description: 'Other commits named by the run in which these bytes are the same',
  }),
});
export type LinkAnswer = Answer<typeof link>;

/** What a run says, and what became of it. */
export const reference = Type.Object({
  where,
  name: string,
  context: stringOrNull,
  run: orNull(string, 'The parent run that says it'),
  text: string,
  repository: stringOrNull,
  ref: stringOrNull,
  path: stringOrNull,
  verdict: oneOf(['commit', 'none']),
  commit: stringOrNull,
  installation: stringOrNull,
  reason: orNull(string, 'Why it leads to no commit'),
});
export type ReferenceAnswer = Answer<typeof reference>;

export const modelVersion = Type.Object({ name: string, version: string, aliases: strings, page: string });
export type VersionAnswer = Answer<typeof modelVersion>;

/** A run that read data, and the models that it produced. */
export const consumer = Type.Object({
  run,
  links: Type.Array(
    Type.Object({
      installation: string,
      repository: string,
      commit: string,
      path: string,
      where,
      name: string,
      kind: evidence,
      certain: flag,
    }),
  ),
  versions: Type.Array(modelVersion),
});
export type ConsumerAnswer = Answer<typeof consumer>;

/** Which runs were checked, so that nobody takes a limit for an answer. */
export const scanCoverage = Type.Object(
  {
    tagged: Type.Integer({
      minimum: 0,
      description: "Runs found by our tags, or by those of lakeFS's guide",
    }),
    taggedCut: flag,
    scanned: Type.Integer({ minimum: 0, description: 'Runs checked whatever their tags' }),
    scanCut: flag,
    unjudged: Type.Array(Type.Object({ run: string, problem: string }), {
      description: 'Runs that may have read it and could not be checked',
    }),
    unreadExperiments: Type.Array(string, {
      description: 'Names of experiments that MLflow does not let us search',
    }),
  },
  { description: 'Which runs were checked' },
);
export type ScanCoverage = Answer<typeof scanCoverage>;

export const changedPath = Type.Object({
  path: string,
  name: string,
  added: count,
  changed: count,
  removed: count,
  bytes: count,
});
export type ChangedPathAnswer = Answer<typeof changedPath>;

export const reach = oneOf(
  ['itself', 'downstream', 'same-bytes', 'rewritten', 'unknown', 'undone', 'none'],
  'What the data that was read holds of the change',
);
export const branchState = Type.Object({ branch: string, reach });
export type BranchState = Answer<typeof branchState>;

export const refKind = oneOf(['commit', 'branch', 'tag', 'expression']);

/** The run of an answer about one run or model. */
export const briefRun = Type.Object({ id: string, name: string, experiment: string, page: string });
export type BriefRun = Answer<typeof briefRun>;
