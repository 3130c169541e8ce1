import Type from 'typebox';
import type { Link } from '../../contract/run.js';
import type { LinkState } from '../../domain/status/link-state.js';
import {
  type Answer,
  briefRun,
  flag,
  oneOf,
  orNull,
  plainLink,
  string,
  stringOrNull,
  strings,
} from '../shared/schema.js';
import { requirementWords } from './require.js';

const requirementResult = Type.Object({
  word: oneOf(requirementWords),
  result: oneOf(['met', 'failed', 'unknown']),
  reason: string,
});
export type RequirementResult = Answer<typeof requirementResult>;

export const check = Type.Object({
  asked: string,
  passed: flag,
  run: briefRun,
  results: Type.Array(requirementResult),
  links: Type.Array(
    Type.Object({
      ...plainLink.properties,
      kept: stringOrNull,
      status: orNull(string, 'Whether the data is still good; null if no requirement asks for it'),
      statusReason: stringOrNull,
      promotedTo: orNull(strings, 'The promoted branches that contain it; null if not asked for or unknown'),
    }),
  ),
});
export type Check = Answer<typeof check>;

/** One link with the facts that requirements are decided by. */
export interface CheckedLink {
  readonly link: Link;
  /** Why it cannot be checked now, for a link that was found earlier; undefined otherwise. */
  readonly kept: string | undefined;
  /** Undefined where it was not asked for. */
  readonly state: Pick<LinkState, 'status' | 'reason' | 'rewritten'> | undefined;
  /** The promoted branches that have its data; undefined where not asked for or not known. */
  readonly promotedTo: readonly string[] | undefined;
}
