import type { Installation, Settings } from '../config/types.js';
import { createLakefsFacts } from '../facts/commits/lakefs-facts.js';
import { createLakefsClient } from '../lakefs/client.js';
import type { SearchedLakefs } from '../queries/shared/place.js';
import { pickInstallation } from './installation.js';

/**
 * The lakeFS servers of the settings, for a command that asks no MLflow: all of them, or the one that `name` says.
 * Nothing is sent yet.
 */
export function searchedLakefs(
  settings: Settings,
  name: string | undefined,
): SearchedLakefs & { readonly installations: readonly Installation[] } {
  const installations = name === undefined ? settings.installations : [pickInstallation(settings, name)];
  const access = installations.map((one) => ({ settings: one, lakefs: createLakefsClient(one.lakefs) }));
  const known = access.map(({ settings: own, lakefs }) => ({
    settings: own,
    facts: createLakefsFacts(lakefs, Date.now),
  }));
  return { installations, access: { installations: access }, sources: { installations: known } };
}
