import { createInstallations, type Installations } from '../config/installations.js';
import type { Installation, Settings } from '../config/types.js';
import { connectServers, type Patience } from '../connect.js';
import { createLakefsFacts } from '../facts/commits/lakefs-facts.js';
import type { ServerAccess } from '../facts/links/access.js';
import type { KnownInstallation } from '../facts/links/resolve.js';
import { createLakefsClient } from '../lakefs/client.js';
import { CliError, exitCodes } from './output.js';

/** The installation that `--installation` names, or the only one, or the one named `default`. */
export function pickInstallation(settings: Settings, name: string | undefined): Installation {
  const installations = createInstallations(settings.installations.map((one) => ({ settings: one })));
  const [only, ...others] = installations.names;
  const found = installations.named(name ?? (others.length === 0 ? only : 'default'));
  if (found !== undefined) return found.settings;
  const known = installations.names.join(', ');
  throw new CliError(
    name === undefined
      ? `the settings have several installations: choose one with --installation (${known})`
      : `the settings have no installation "${name}": choose one of ${known}`,
    exitCodes.usage,
  );
}

/**
 * The MLflow server that an answer is asked of, with every lakeFS beside it. Nothing is sent yet.
 *
 * @param patience `work` for answers that take many requests: one that fails must not waste all others
 */
export function chooseServer(
  settings: Settings,
  name: string | undefined,
  patience: Patience = 'person',
): ServerAccess {
  const installations =
    patience === 'person' ? settings.installations.map(forOneAnswer) : settings.installations;
  const servers = connectServers(installations, patience);
  const [only, ...others] = servers;
  if (only !== undefined && others.length === 0 && name === undefined) return only;
  const wanted = pickInstallation(settings, name).name;
  const found = servers.find((server) => server.installations.named(wanted) !== undefined);
  if (found === undefined) throw new CliError(`no server of installation "${wanted}"`);
  return found;
}

/** Measuring which connections are faster costs more requests than the answer does. */
function forOneAnswer(installation: Installation): Installation {
  const { mlflow } = installation;
  if (mlflow.connections !== 'auto') return installation;
  const connections = mlflow.trackingUri.startsWith('https:') ? 'reuse' : 'new';
  return { ...installation, mlflow: { ...mlflow, connections } };
}

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
