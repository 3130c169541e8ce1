import Type from 'typebox';
import {
  type Answer,
  commitFields,
  count,
  link,
  modelVersion,
  oneOf,
  orNull,
  reference,
  run,
  string,
  stringOrNull,
  strings,
} from '../shared/schema.js';

const model = Type.Object({
  asked: string,
  name: stringOrNull,
  version: stringOrNull,
  aliases: strings,
  loggedModel: orNull(string, 'The logged model of MLflow 3 by which the run was found'),
  page: stringOrNull,
});
export type ModelAnswer = Answer<typeof model>;

const produced = Type.Object(
  {
    versions: Type.Array(modelVersion),
    loggedModels: Type.Array(string, { description: "Ids of MLflow 3's logged models" }),
    produced: Type.Array(Type.Object({ repository: string, commit: string }), {
      description: 'Commits whose metadata names the run, as the service found them',
    }),
  },
  { description: 'What the run produced' },
);
export type Produced = Answer<typeof produced>;

const catalog = Type.Object(
  {
    ...commitFields,
    candidates: Type.Array(Type.Object({ name: string, path: string })),
    consumers: orNull(count, 'Runs that read it, as the service counted them last'),
    double: Type.Boolean({ description: 'A second run for the same commit, which no longer counts' }),
  },
  { description: 'The commit that a run of the catalog stands for; such a run read nothing' },
);
export type CatalogAnswer = Answer<typeof catalog>;

/** What `lineage` answers about one run, or about a model and the run that produced it. */
export const runLineage = Type.Object({
  kind: oneOf(['run', 'catalog']),
  known: Type.Boolean({ description: 'False if nothing is known of what the run read' }),
  model: Type.Optional(model),
  run,
  notes: Type.Array(string, { description: 'What else one should know: the run still runs, is deleted, …' }),
  links: Type.Array(link),
  references: Type.Array(reference, { description: 'Everything that was checked, in the order of the run' }),
  made: produced,
  catalog: Type.Optional(catalog),
  mend: Type.Optional(
    Type.Object(
      { script: strings, run: strings },
      { description: 'Lines for the training script, and lines that fix this run' },
    ),
  ),
});
export type RunLineage = Answer<typeof runLineage>;
