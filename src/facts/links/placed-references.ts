import { readLinksTag } from '../../contract/links-tag.js';
import type { RunView } from '../../contract/run.js';
import {
  type Reference,
  type References,
  referencesOf,
  type UnplacedCommit,
} from '../../domain/references/reference.js';
import type { ReferenceRules } from '../../domain/references/reference-rules.js';
import type { Ancestors, Ancestry } from '../commits/ancestors.js';
import { placeCommit } from '../commits/place-commit.js';
import type { KnownInstallation } from './resolve.js';

interface Sources {
  readonly installations: readonly KnownInstallation[];
  readonly rules: ReferenceRules;
  readonly ancestors: Ancestors;
  /** Unix ms. */
  readonly now: () => number;
}

/**
 * What a run says it read, with the repositories of the commits that it names alone.
 *
 * @throws what the lakeFS client throws where one is not known
 */
export async function placedReferences(
  run: RunView,
  experiment: string,
  sources: Sources,
): Promise<References & { readonly fallbacks: readonly Reference[] }> {
  const { found, none, unplaced, fallbacks } = referencesOf(run, sources.rules);
  const placed = await placeAll(unplaced, run, experiment, sources);
  return { found: [...found, ...placed.found], none: [...none, ...placed.none], fallbacks };
}

/** The same of what the runs declare that a run is nested in. */
export async function placedAncestors(run: RunView, experiment: string, sources: Sources): Promise<Ancestry> {
  const { ancestors, unknown } = await sources.ancestors.of(run);
  const placed = ancestors.map(async (ancestor) => {
    const { found } = await placeAll(ancestor.unplaced, run, experiment, sources);
    return { ...ancestor, declared: [...ancestor.declared, ...found] };
  });
  return { ancestors: await Promise.all(placed), unknown };
}

async function placeAll(
  unplaced: readonly UnplacedCommit[],
  run: RunView,
  experiment: string,
  { installations, now }: Sources,
): Promise<References> {
  const before = readLinksTag(run.tags).links;
  const asOf = run.endTime ?? now();
  const placed = await Promise.all(
    unplaced.map((one) => placeCommit(one, experiment, installations, before, asOf)),
  );
  return {
    found: placed.filter((one): one is Reference => !('reason' in one)),
    none: placed.filter((one) => 'reason' in one),
  };
}
