import { createHash } from 'node:crypto';
import type { RunView } from '../../src/contract/run.js';
import { guideTag, inputTag, whereTag } from '../../src/contract/tags.js';
import type { CommitKey } from '../../src/contract/words.js';
import {
  type Consumption,
  consumptionOf,
  countedIn,
  planConsumption,
  wouldFall,
} from '../../src/domain/catalog/consumers.js';
import { catalogTime } from '../../src/domain/catalog/entry.js';
import { CatalogError } from '../../src/domain/catalog/error.js';
import { matches } from '../../src/domain/common/globs.js';

import type { InstallationAccess } from '../../src/facts/links/access.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import type { OnRefused } from '../../src/facts/runs/experiment-groups.js';
import type { OnUnread } from '../../src/facts/runs/run-page.js';
import { type FoundRun, searchRuns } from '../../src/facts/runs/run-pages.js';
import type { LakefsCommit } from '../../src/lakefs/types.js';
import { isForbidden, isNotFound } from '../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { RunInfo } from '../../src/mlflow/types.js';
import type { JobPayloads } from '../../src/queue/types.js';
import type { ConsumptionEvents } from './consumption-events.js';

/** Which commit is asked about, where, and by which job. */
interface CatalogQuestion {
  readonly payload: JobPayloads['register-commit'];
  readonly key: CommitKey;
  readonly commit: LakefsCommit;
  readonly access: InstallationAccess;
  readonly facts: ServerFacts;
  readonly events: Pick<ConsumptionEvents, 'searched'>;
  readonly catalogId: string;
}

/**
 * The runs that stand for the commit, and who consumed it. Where a hook reports a commit that is not registered yet
 * the latter is left out: whoever links a run to it queues a job that searches. In observe mode nobody links, so it is
 * always searched for. Costs two searches; a share of one where it is left out.
 */
export async function readConsumers({
  payload,
  key,
  commit,
  access,
  facts,
  events,
  catalogId,
}: CatalogQuestion): Promise<{
  readonly catalogRuns: readonly FoundRun[];
  readonly consumption?: Consumption & { readonly unread: boolean };
}> {
  if (payload.news === 'commit' && access.settings.mode === 'write') {
    const catalogRuns = await facts.catalog.find(catalogId, { id: commit.id, time: catalogTime(commit) });
    if (catalogRuns.length === 0) return { catalogRuns };
  }
  const experimentIds = await consumerExperiments(access, facts);
  const startedAt = performance.now();
  const { catalogRuns, ...consumption } = await readConsumption(facts, key, { experimentIds, catalogId });
  events.searched(key, performance.now() - startedAt);
  return { catalogRuns, consumption };
}

/** The experiments whose runs may be tagged by this installation. */
async function consumerExperiments(
  access: InstallationAccess,
  facts: ServerFacts,
): Promise<readonly string[]> {
  const all = await facts.experiments.all();
  return all
    .filter(({ active, catalog, ignored }) => active && !catalog && !ignored)
    .filter(({ name }) => matches(access.settings.experiments, name))
    .map(({ id }) => id);
}

/**
 * Who consumed a commit, by two exact searches over the experiments whose runs may be tagged. Also answers with what
 * was found in the catalog experiment, which is asked in the same breath, and whether runs or experiments could not be
 * read.
 */
async function readConsumption(
  { access, heavy }: Pick<ServerFacts, 'access' | 'heavy'>,
  key: CommitKey,
  where: { readonly experimentIds: readonly string[]; readonly catalogId: string },
): Promise<Consumption & { readonly catalogRuns: readonly FoundRun[]; readonly unread: boolean }> {
  const { experimentIds, catalogId } = where;
  const { mlflow } = access;
  let unread = false;
  // Of the catalog's own runs not one may be missed: another would be made.
  const onTooLarge: OnUnread = (run) => {
    if (run.experiment_id === catalogId) throw tooLargeInCatalog(run);
    unread = true;
  };
  const onFailing: OnUnread = (run) => {
    if (run.experiment_id === catalogId) throw failingInCatalog(run);
    unread = true;
  };
  const onRefused: OnRefused = (experiment, error) => {
    if (experiment === catalogId) throw error;
    unread = true;
  };
  const options = { onTooLarge, onFailing, onRefused, heavy };
  const [byGuide, byInput] = await Promise.all([
    searchRuns(mlflow, [catalogId, ...experimentIds], whereTag(guideTag.commit, key.commit), 'ALL', options),
    searchRuns(mlflow, experimentIds, `tags.\`${inputTag(key)}\` = '${key.commit}'`, 'ACTIVE_ONLY', options),
  ]);
  const catalogRuns = byGuide.filter(({ experimentId }) => experimentId === catalogId);
  const others = byGuide.filter(({ experimentId }) => experimentId !== catalogId);
  return { ...consumptionOf([...others, ...byInput], key), catalogRuns, unread };
}

/**
 * True where runs that the catalog run counts may be there, though they were not found: one is too large to be read, or
 * we may no longer read its experiment, of which MLflow says nothing. Costs nothing where the count does not fall, else
 * a list of the experiments, and a request for each that is not in it.
 */
export async function hidesConsumers(
  run: RunView,
  found: Consumption & { readonly unread: boolean },
  { access, experiments }: ServerFacts,
): Promise<boolean> {
  if (found.unread) return true;
  if (!wouldFall(run.tags, found)) return false;
  const places = countedIn(run.tags);
  if (places === undefined) return true;
  // A list from before the search might still show what was withdrawn meanwhile.
  const seen = new Set((await experiments.fresh()).map(({ id }) => id));
  const unseen = places.filter((id) => !seen.has(id));
  return (await Promise.all(unseen.map((id) => isHidden(id, access.mlflow)))).some(Boolean);
}

/** An experiment that MLflow itself says is not there hides nothing. */
async function isHidden(experiment: string, { experiments }: MlflowClients): Promise<boolean> {
  try {
    await experiments.getExperiment(experiment);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    if (isForbidden(error)) return true;
    throw error;
  }
}

/** The tags about its consumers that a catalog run lacks. */
export function consumptionTags(
  run: RunView,
  consumption: Consumption,
  hidden: boolean,
): ReadonlyMap<string, string> {
  return planConsumption(run.tags, consumption, hash12, hidden);
}

function tooLargeInCatalog({ run_id: run, experiment_id: experiment }: RunInfo): CatalogError {
  return new CatalogError(
    'permanent',
    `catalog run ${run} (experiment ${experiment}) is too large to be read: delete the params or tags that were added to it`,
  );
}

function failingInCatalog({ run_id: run, experiment_id: experiment }: RunInfo): CatalogError {
  return new CatalogError(
    'transient',
    `MLflow fails to read catalog run ${run} (experiment ${experiment}), although it answers other requests: see its log for why`,
  );
}

/** The 12 hex digits in `lakefs.read.<hash12>`. */
function hash12(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}
