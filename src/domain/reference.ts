import { collectAddresses, mayHoldAddress } from './address-references.js';
import { collectInput } from './input-references.js';
import { branchLabels, collectNamed, namedBy } from './named-references.js';
import { type ReferenceRules, usualRules } from './reference-rules.js';
import type { NoReference, Reference, References } from './reference-types.js';
import type { RunView } from './run.js';

export { looksLikeCommit } from './commit-id.js';
export type { NoReference, Reference, References } from './reference-types.js';

/** The tag in which MLflow names the run that a run is nested in. */
export const parentTag = 'mlflow.parentRunId';

/**
 * Finds what a run itself says it read: dataset inputs whose source is a lakeFS address; tags and params that name a
 * repository and a commit, branch or tag of it by the guide's keys and those of the settings; other tags and params
 * whose value is a lakeFS address. What we wrote, and what MLflow writes about itself, says nothing.
 */
export function referencesOf(run: RunView, rules: ReferenceRules = usualRules): References {
  const found: Reference[] = [];
  const none: NoReference[] = [];
  for (const input of run.inputs) collectInput(input, rules, found, none);
  const named = namedBy(run, rules);
  collectNamed(named, found, none);
  collectAddresses(run, rules, found, none);
  found.push(...branchLabels(named, found, none));
  return { found, none };
}

/** What the tags and params of a run say, without its dataset inputs. */
export function spokenReferencesOf(run: RunView, rules: ReferenceRules): readonly Reference[] {
  return referencesOf({ ...run, inputs: [] }, rules).found;
}

/**
 * False where a run says nothing about what it read, nor is nested in one that might. Sweeps ask it of every run: it
 * makes no list and reads no JSON.
 */
export function maySayWhatItRead(run: RunView, rules: ReferenceRules = usualRules): boolean {
  if (run.inputs.length > 0 || run.tags.has(parentTag)) return true;
  for (const key of rules.keys.keys()) if (run.tags.has(key) || run.params.has(key)) return true;
  return mayHoldAddress(run);
}
