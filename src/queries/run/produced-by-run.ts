import type { RunView } from '../../contract/run.js';
import { parseCommitKey } from '../../contract/tags.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { versionsMadeBy } from '../shared/produced-versions.js';
import type { Made } from './types.js';

export const madeNothing: Made = { versions: [], loggedModels: [], produced: [] };

/**
 * What was made from a run: versions of registered models, logged models, and the commits that the service found to
 * name it. Costs nothing for a run that has logged no model.
 *
 * @throws what the MLflow client throws
 */
export async function madeByRun(run: RunView, access: ServerAccess): Promise<Made> {
  return {
    versions: run.loggedModel ? await versionsMadeBy([run.id], access.mlflow, mlflowPublicUrl(access)) : [],
    loggedModels: run.loggedModels,
    produced: [...run.tags].flatMap(([key, commit]) => {
      const named = parseCommitKey(key);
      return named?.kind === 'produced' && /^[0-9a-f]{64}$/.test(commit)
        ? [{ repository: named.repository, commit }]
        : [];
    }),
  };
}
