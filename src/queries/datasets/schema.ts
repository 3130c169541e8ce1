import Type from 'typebox';
import { type Answer, count, flag, string, strings } from '../shared/schema.js';

/** The datasets that a commit holds, as they would be registered if it had brought them all. */
const datasets = Type.Object({
  installation: string,
  repository: string,
  ref: string,
  commit: string,
  /** False where the commit holds too much to read one by one: then there are no numbers. */
  complete: flag,
  datasets: Type.Array(
    Type.Object({
      path: string,
      name: string,
      rule: string,
      objects: Type.Optional(count),
      bytes: Type.Optional(Type.Number()),
    }),
  ),
  /** Objects of which no dataset is made. */
  leftOut: Type.Optional(Type.Object({ objects: count, examples: strings })),
});
export type Datasets = Answer<typeof datasets>;
