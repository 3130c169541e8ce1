import type { Installations } from '../../config/installations.js';
import type { RunView } from '../../contract/run.js';
import { catalogKind, guideTag, ourTag } from '../../contract/tags.js';
import { referencesOf } from '../../domain/references/reference.js';
import type { KnownInstallation } from '../../facts/links/resolve.js';
import type { Experiment } from '../../mlflow/types.js';
import { commitAnswer } from '../shared/commit.js';
import type { CatalogAnswer } from './schema.js';

/** What a run of the catalog stands for; undefined for every other run. Throws what the lakeFS client throws. */
export async function readCatalogAnswer(
  run: RunView,
  experiment: Experiment,
  installations: Installations<KnownInstallation>,
): Promise<CatalogAnswer | undefined> {
  const kind = run.tags.kind;
  const repository = run.tags.get(guideTag.repo);
  const commit = run.tags.get(guideTag.commit);
  const isCatalog = experiment.tags?.some(
    ({ key, value }) => key === ourTag.kind && value === catalogKind.catalog,
  );
  if (isCatalog !== true || (kind !== 'commit' && kind !== 'double')) return undefined;
  if (repository === undefined || commit === undefined) return undefined;
  const owner = installations.ofCatalog(experiment.name, repository);
  const key = { installation: owner?.settings.name ?? '', repository, commit };
  return {
    ...(await commitAnswer(key, installations, run.tags.get(guideTag.branch))),
    candidates: referencesOf(run)
      .found.filter(({ context }) => context === 'candidate')
      .map(({ name, address }) => ({ name, path: address.path })),
    consumers: numberOf(run.tags.get(ourTag.consumers)) ?? null,
    double: kind === 'double',
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
