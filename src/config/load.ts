import { checkInstallations } from './check-installations.js';
import { type ConfigFile, parseConfig } from './config-file.js';
import { type Need, readInstallation } from './installation.js';
import { unknownNames, withoutServiceLinks } from './options.js';
import { createReader, environmentLookup, firstOf, type Source } from './reader.js';
import { readService } from './service.js';
import { serviceOptions } from './service-options.js';
import { errorCode, SettingsError } from './settings-error.js';
import { configSource, lakectlLookup } from './sources.js';
import type { Installation, Settings } from './types.js';
import { fitsHeader, headerRule } from './values.js';

export interface LoadOptions {
  /** The user's folder, for `~/.lakectl.yaml` and the default DATA_DIR; default: HOME of the environment. */
  readonly home?: string;
  /** Settings from the command line, by the name of their variable; they win over the environment. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  /** The servers that the command works with (default both); of the others, addresses may be empty texts. */
  readonly need?: readonly Need[];
}

/**
 * Reads and checks all settings.
 *
 * @param readFile gives a file's text and throws where it cannot be read
 * @throws SettingsError that lists every problem; no problem repeats a value, which might be a secret
 */
export function loadSettings(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
  options: LoadOptions = {},
): Settings {
  const { flags = {}, need = ['lakefs', 'mlflow'] } = options;
  const home = options.home ?? environment.HOME ?? '';
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const env = { ...withoutServiceLinks(environment), ...given };
  const problems = unknownNames(env);
  const fromEnvironment = environmentLookup(env);
  const source: Source = { lookup: fromEnvironment, nameOf: (option) => option.env[0] ?? '' };
  const reader = createReader(source, problems);
  const config = readConfig(reader.text(serviceOptions.config)?.replace(/^~(?=\/)/, home));
  const service = readService(reader, { home, xdgDataHome: env.XDG_DATA_HOME }, readFile);
  const installations = readInstallations();
  problems.push(...checkInstallations(installations));
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...service, installations };

  function readInstallations(): readonly Installation[] {
    // What the file should have said is unknown, so the environment must not be judged in its place.
    if (config === undefined) return [];
    if (config.installations === undefined) return [readDefault(config)];
    return config.installations.map((entry) => {
      const rules = [...(entry.datasets ?? []), ...(config.datasets ?? [])];
      const layouts = [...(entry.layouts ?? []), ...(config.layouts ?? [])];
      const from = configSource(entry, fromEnvironment);
      return readInstallation(
        { name: entry.name, source: from, need, rules, layouts, tokens: [], readFile },
        problems,
      );
    });
  }

  function readDefault({ datasets: rules = [], layouts = [] }: ConfigFile): Installation {
    const bridgeToken = reader.text(serviceOptions.bridgeToken);
    const tokens = bridgeToken === undefined ? [] : [bridgeToken];
    if (!tokens.every(fitsHeader)) reader.complain(serviceOptions.bridgeToken, headerRule);
    const from = { ...source, lookup: firstOf(fromEnvironment, lakectlLookup(readLakectl())) };
    const parts = { name: 'default', source: from, need, rules, layouts, tokens, readFile };
    return readInstallation(parts, problems);
  }

  function readConfig(path: string | undefined): ConfigFile | undefined {
    if (path === undefined) return {};
    let text: string;
    try {
      text = readFile(path);
    } catch (error) {
      reader.complain(serviceOptions.config, `names a file that cannot be read (${errorCode(error)})`);
      return undefined;
    }
    const parsed = parseConfig(text, env);
    problems.push(...parsed.problems);
    return parsed.config;
  }

  function readLakectl(): string | undefined {
    try {
      return readFile(`${home}/.lakectl.yaml`);
    } catch {
      return undefined;
    }
  }
}
