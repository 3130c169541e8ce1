import type { Link } from '../../contract/run.js';
import { matches } from '../../domain/common/globs.js';
import {
  isFullCommit,
  type NoReference,
  type Reference,
  type UnplacedCommit,
} from '../../domain/references/reference.js';
import { isRefusal } from '../../lakefs/errors.js';
import type { KnownInstallation } from '../links/resolve.js';

/**
 * Finds out whose commit it is that a run names alone: that of the one repository among those that the run names
 * elsewhere that has it; a whole id also that of the one watched repository that has it. A link that was made by it before
 * tells without a request.
 *
 * @param experiment the name of the run's experiment
 * @param before the links that were found earlier
 * @param asOf Unix ms: when the run ended; what was looked up before may be out of date
 * @throws what the lakeFS client throws where the answer is not known
 */
export async function placeCommit(
  unplaced: UnplacedCommit,
  experiment: string,
  installations: readonly KnownInstallation[],
  before: readonly Link[],
  asOf: number,
): Promise<Reference | NoReference> {
  const { where, name, text, run, commit } = unplaced;
  const at = { where, name, text, ...(run !== undefined && { run }) };
  const asked = installations.filter(({ settings }) => matches(settings.experiments, experiment));
  const known = before.find(
    (link) =>
      link.where === where &&
      link.name === name &&
      link.ref === commit &&
      asked.some(({ settings }) => settings.name === link.installation),
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
  const hint = 'name the repository beside it (lakefs_repo)';
  if (!isFullCommit(commit)) {
    return { ...at, reason: `no repository that the run names has a commit ${commit}: ${hint}` };
  }
  const homes = await Promise.all(
    asked.map(({ settings, facts }) => facts.repositoriesWith(commit, settings.repositories, asOf)),
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
  installations: readonly KnownInstallation[],
): Promise<readonly string[]> {
  const asked = installations.flatMap(({ settings, facts }) =>
    repositories
      .filter((repository) => matches(settings.repositories, repository))
      .map(async (repository) => {
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
  return `${repositories.slice(0, 5).join(' and ')} each have this commit: name the repository beside it (lakefs_repo)`;
}
