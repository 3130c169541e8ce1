import { createInstallations } from '../config/installations.js';
import type { Installation, Settings } from '../config/types.js';
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
