import { createHash } from 'node:crypto';
import { type Consumption, consumptionOf, planConsumption } from '../src/domain/catalog-consumers.js';
import type { RunView } from '../src/domain/run.js';
import { inputTag } from '../src/domain/tag-plan.js';
import type { CommitKey } from '../src/domain/words.js';
import { type FoundRun, searchRuns } from '../src/facts/search-runs.js';
import type { MlflowClients } from '../src/mlflow/clients.js';

/**
 * Who consumed a commit, by two exact searches over the experiments whose runs may be tagged. Also answers with what
 * was found in the catalog experiment, which is asked in the same breath.
 */
export async function readConsumption(
  mlflow: MlflowClients,
  key: CommitKey,
  where: { readonly experimentIds: readonly string[]; readonly catalogId: string },
): Promise<Consumption & { readonly catalogRuns: readonly FoundRun[] }> {
  const { experimentIds, catalogId } = where;
  const [byGuide, byInput] = await Promise.all([
    searchRuns(mlflow, [catalogId, ...experimentIds], `tags.lakefs_commit = '${key.commit}'`, 'ALL'),
    searchRuns(mlflow, experimentIds, `tags.\`${inputTag(key)}\` = '${key.commit}'`, 'ACTIVE_ONLY'),
  ]);
  const catalogRuns = byGuide.filter(({ experimentId }) => experimentId === catalogId);
  const others = byGuide.filter(({ experimentId }) => experimentId !== catalogId);
  return { ...consumptionOf([...others, ...byInput], key), catalogRuns };
}

/** The tags about its consumers that a catalog run lacks. */
export function consumptionTags(run: RunView, consumption: Consumption): ReadonlyMap<string, string> {
  return planConsumption(run.tags, consumption, hash12);
}

/** The 12 hex digits in `lakefs.read.<hash12>`. */
function hash12(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}
