import type { Installation, Settings } from '../config/types.js';
import { CliError, exitCodes } from './output.js';

/** The installation that `--installation` names, or the only one, or the one named `default`. */
export function pickInstallation(settings: Settings, name: string | undefined): Installation {
  const { installations } = settings;
  const wanted = name ?? (installations.length === 1 ? installations[0]?.name : 'default');
  const found = installations.find((installation) => installation.name === wanted);
  if (found !== undefined) return found;
  const known = installations.map((installation) => installation.name).join(', ');
  throw new CliError(
    name === undefined
      ? `the settings have several installations: choose one with --installation (${known})`
      : `the settings have no installation "${name}": choose one of ${known}`,
    exitCodes.usage,
  );
}
