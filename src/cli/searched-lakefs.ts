import { createInstallations, type Installations } from '../config/installations.js';
import type { Settings } from '../config/types.js';
import { createLakefsFacts } from '../facts/commits/lakefs-facts.js';
import type { KnownInstallation } from '../facts/links/resolve.js';
import { createLakefsClient } from '../lakefs/client.js';
import { pickInstallation } from './installation.js';

/**
 * The lakeFS servers of the settings, for a command that asks no MLflow: all of them, or the one that `name` says.
 * Nothing is sent yet.
 */
export function searchedLakefs(
  settings: Settings,
  name: string | undefined,
): Installations<KnownInstallation> {
  const chosen = name === undefined ? settings.installations : [pickInstallation(settings, name)];
  return createInstallations(
    chosen.map((one) => {
      const lakefs = createLakefsClient(one.lakefs);
      return { settings: one, lakefs, facts: createLakefsFacts(lakefs, Date.now) };
    }),
  );
}
