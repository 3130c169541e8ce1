import type { Installation, Settings } from '../config/types.js';
import { connectServers, type Patience } from '../connect.js';
import type { ServerAccess } from '../facts/links/access.js';
import { pickInstallation } from './installation.js';
import { CliError } from './output.js';

/**
 * The MLflow server that an answer is asked of, with every lakeFS beside it. Nothing is sent yet.
 *
 * @param patience `work` for answers that take many requests: one that fails must not waste all others
 */
export function chooseServer(
  settings: Settings,
  name: string | undefined,
  patience: Patience = 'look',
): ServerAccess {
  const installations =
    patience === 'look' ? settings.installations.map(forOneAnswer) : settings.installations;
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
