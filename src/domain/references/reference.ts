import type { RunView } from '../../contract/run.js';
import { isOurKey, mlflowTag } from '../../contract/tags.js';
import { collectAddresses, mayHoldAddress } from './address-references.js';
import { collectInput } from './input-references.js';
import { branchLabels, collectNamed, namedBy, placeByAddresses } from './named-references.js';
import { type ReferenceRules, roleOf, usualRules } from './reference-rules.js';
import type { NoReference, OwnReferences, Reference, UnplacedCommit } from './reference-types.js';
import { withVersions } from './table-version-keys.js';

export { isFullCommit, looksLikeCommit } from './lakefs-names.js';
export type { NoReference, Reference, References, UnplacedCommit } from './reference-types.js';

/**
 * Finds what a run itself says it read: dataset inputs whose source is a lakeFS address; tags and params that name a
 * repository and a commit, branch or tag of it by the guide's keys and those of the settings; other tags and params
 * whose value is a lakeFS address. What we wrote, and what MLflow writes about itself, says nothing.
 */
export function referencesOf(run: RunView, rules: ReferenceRules = usualRules): OwnReferences {
  const found: Reference[] = [];
  const none: NoReference[] = [];
  const unplaced: UnplacedCommit[] = [];
  for (const input of run.inputs) collectInput(input, rules, found, none);
  const named = namedBy(run, rules);
  collectNamed(named, { found, none, unplaced });
  collectAddresses(run, rules, found, none);
  const placed = placeByAddresses(unplaced, found, none);
  const labels = branchLabels(named, found, none);
  const all = withVersions(run, [...found, ...labels.certain], rules);
  return { found: all, none, unplaced: placed, fallbacks: labels.fallbacks };
}

/** What the tags and params of a run say, without its dataset inputs. */
export function spokenReferencesOf(
  run: RunView,
  rules: ReferenceRules,
): Pick<OwnReferences, 'found' | 'unplaced'> {
  return referencesOf({ ...run, inputs: [] }, rules);
}

/**
 * False where a run says nothing about what it read, nor is nested in one that might. Sweeps ask it of every run: it
 * makes no list and reads no JSON.
 */
export function maySayWhatItRead(run: RunView, rules: ReferenceRules = usualRules): boolean {
  if (run.inputs.length > 0 || run.tags.has(mlflowTag.parent)) return true;
  for (const key of rules.keys.keys()) if (run.tags.has(key) || run.params.has(key)) return true;
  return mayHoldAddress(run) || [run.tags, run.params].some((values) => hasNamingKey(values, rules));
}

function hasNamingKey(values: ReadonlyMap<string, string>, rules: ReferenceRules): boolean {
  if (rules.keyPatterns.length === 0) return false;
  for (const key of values.keys()) if (!isOurKey(key) && roleOf(key, rules) !== undefined) return true;
  return false;
}
