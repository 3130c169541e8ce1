import type { RunView } from '../../contract/run.js';
import { parseCommitKey } from '../../contract/tags.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { versionsProducedBy } from '../shared/produced-versions.js';
import type { Produced } from './schema.js';

export const producedNothing: Produced = { versions: [], loggedModels: [], produced: [] };

/**
 * What a run produced: versions of registered models, logged models, and the commits that the service found to
 * name it. Costs nothing for a run that has logged no model.
 *
 * @throws what the MLflow client throws
 */
export async function producedByRun(run: RunView, access: ServerAccess): Promise<Produced> {
  const versions = await versionsProducedBy(
    run.loggedModel ? [run.id] : [],
    access.mlflow,
    mlflowPublicUrl(access),
  );
  return {
    versions: versions.get(run.id) ?? [],
    loggedModels: run.loggedModels,
    produced: [...run.tags].flatMap(([key, commit]) => {
      const named = parseCommitKey(key);
      return named?.kind === 'produced' && /^[0-9a-f]{64}$/.test(commit)
        ? [{ repository: named.repository, commit }]
        : [];
    }),
  };
}
