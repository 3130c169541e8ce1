import type { RunView } from '../../contract/run.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { versionsMadeBy } from '../shared/produced-versions.js';
import type { Made } from './types.js';

const producedPattern = /^lakefs\.produced\.([a-z0-9-]+)\.[0-9a-f]{12}$/;

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
      const repository = producedPattern.exec(key)?.[1];
      return repository !== undefined && /^[0-9a-f]{64}$/.test(commit) ? [{ repository, commit }] : [];
    }),
  };
}
