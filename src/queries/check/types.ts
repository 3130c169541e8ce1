import type { Link } from '../../contract/run.js';
import type { LinkState } from '../../domain/status/link-state.js';

/** What can be required of the data of a run. */
export const requirementWords = [
  'known',
  'complete',
  'certain',
  'likely',
  'resolved',
  'exact',
  'declared',
  'current',
  'not-reverted',
  'promoted',
] as const;

export type RequirementWord = (typeof requirementWords)[number];

/** One link with what was looked up for it. */
export interface CheckedLink {
  readonly link: Link;
  /** Why it cannot be checked now, for a link that was found earlier; undefined otherwise. */
  readonly kept: string | undefined;
  /** Undefined where it was not asked for. */
  readonly state: Pick<LinkState, 'status' | 'reason' | 'rewritten'> | undefined;
  /** The promoted branches that have its data; undefined where not asked for or not known. */
  readonly promotedTo: readonly string[] | undefined;
}

export interface RequirementResult {
  readonly word: RequirementWord;
  readonly result: 'met' | 'failed' | 'unknown';
  readonly reason: string;
}

export interface Check {
  readonly asked: string;
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly experiment: string;
    readonly page: string;
  };
  readonly links: readonly CheckedLink[];
  readonly results: readonly RequirementResult[];
  readonly passed: boolean;
}
