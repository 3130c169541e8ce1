import type { Installations } from '../../config/installations.js';
import type { Link, RunView } from '../../contract/run.js';
import { guideTag } from '../../contract/tags.js';
import {
  isFullCommit,
  type NoReference,
  type Reference,
  type References,
  referencesOf,
  type UnplacedCommit,
} from '../../domain/references/reference.js';
import type { ReferenceRules } from '../../domain/references/reference-rules.js';
import { isRefusal } from '../../lakefs/errors.js';
import type { Ancestors, Ancestry } from '../runs/ancestors.js';
import type { KnownInstallation } from './resolve.js';

interface Sources {
  readonly installations: Installations<KnownInstallation>;
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
  const before = run.tags.linksTag.links;
  const asOf = run.endTime ?? now();
  const placed = await Promise.all(
    unplaced.map((one) => placeCommit(one, experiment, installations, before, asOf)),
  );
  return {
    found: placed.filter((one): one is Reference => !('reason' in one)),
    none: placed.filter((one) => 'reason' in one),
  };
}

/**
 * Finds out whose commit it is that a run names alone: that of the one repository among those that the run names
 * elsewhere that has it; a whole id also that of the one watched repository that has it. A link that was made by it before
 * tells without a request.
 *
 * @param experiment the name of the run's experiment
 * @param before the links that were found earlier
 * @param asOf Unix ms: when the run ended; what was read before may be out of date
 * @throws what the lakeFS client throws where the answer is not known
 */
async function placeCommit(
  unplaced: UnplacedCommit,
  experiment: string,
  installations: Installations<KnownInstallation>,
  before: readonly Link[],
  asOf: number,
): Promise<Reference | NoReference> {
  const { where, name, text, run, commit } = unplaced;
  const at = { where, name, text, ...(run !== undefined && { run }) };
  const asked = installations.matching({ experiment });
  const known = before.find(
    (link) =>
      link.where === where &&
      link.name === name &&
      link.ref === commit &&
      asked.named(link.installation) !== undefined,
  );
  const placed = (repository: string): Reference => ({
    ...at,
    context: undefined,
    address: { repository, ref: commit, path: '' },
    host: undefined,
    dataset: undefined,
  });
  if (known !== undefined) return placed(known.repository);
  const near = await amongNamed(unplaced, asked);
  const [only, other] = near;
  if (only !== undefined) return other === undefined ? placed(only) : { ...at, reason: severalHaveIt(near) };
  const hint = `name the repository beside it (${guideTag.repo})`;
  if (!isFullCommit(commit)) {
    return { ...at, reason: `no repository that the run names has a commit ${commit}: ${hint}` };
  }
  const homes = await Promise.all(
    asked.all.map(({ settings, facts }) => facts.repositoriesWith(commit, settings.repositories, asOf)),
  );
  const having = [...new Set(homes.flatMap(({ repositories }) => repositories))];
  const [home, ...more] = having;
  if (homes.some(({ tooMany }) => tooMany)) {
    return { ...at, reason: `there are too many repositories to ask each for this commit: ${hint}` };
  }
  if (home !== undefined && more.length === 0) return placed(home);
  if (home !== undefined) return { ...at, reason: severalHaveIt(having) };
  const unread = homes.flatMap((found) => found.unread);
  const except =
    unread.length === 0 ? '' : ` (${unread.slice(0, 5).join(', ')} may not be read with our access key)`;
  return { ...at, reason: `no watched repository has this commit${except}` };
}

/** The repositories that the run names elsewhere and that have the commit. */
async function amongNamed(
  { commit, repositories }: UnplacedCommit,
  installations: Installations<KnownInstallation>,
): Promise<readonly string[]> {
  const asked = repositories.flatMap((repository) =>
    installations.matching({ repository }).all.map(async ({ facts }) => {
      try {
        const found = await facts.commit(repository, commit);
        return found?.id.startsWith(commit) === true ? [repository] : [];
      } catch (error) {
        // Of a plain bucket's name lakeFS may refuse to speak.
        if (isRefusal(error)) return [];
        throw error;
      }
    }),
  );
  return [...new Set((await Promise.all(asked)).flat())];
}

function severalHaveIt(repositories: readonly string[]): string {
  return `${repositories.slice(0, 5).join(' and ')} each have this commit: name the repository beside it (${guideTag.repo})`;
}
