import { parseDocument } from 'yaml';
import type { ConfigInstallation } from './config-file.js';
import { lakefsOptions, mlflowOptions } from './connection-options.js';
import type { Option } from './option.js';
import type { Lookup, Source } from './reader.js';
import type { Raw } from './values.js';
import { watchOptions } from './watch-options.js';

/**
 * What an installation of CONFIG never takes from the environment: with it, the key of one server could be sent
 * to another, and two installations would share a token.
 */
const ownOnly: ReadonlySet<Option> = new Set<Option>([
  ...Object.values(lakefsOptions),
  mlflowOptions.mlflowTrackingUri,
  mlflowOptions.mlflowUsername,
  mlflowOptions.mlflowPassword,
  mlflowOptions.mlflowToken,
  mlflowOptions.mlflowWorkspace,
  mlflowOptions.mlflowCaFile,
  mlflowOptions.mlflowPublicUrl,
  watchOptions.hookTokens,
]);

/** Looks in one installation of CONFIG, and for the rest in the environment. */
export function configSource(installation: ConfigInstallation, environment: Lookup): Source {
  function nameOf(option: Option): string {
    return `CONFIG installation "${installation.name}": ${option.key}`;
  }
  return {
    nameOf,
    lookup(option) {
      const raw = valueAt(installation, option.key?.split('.') ?? []);
      if (isRaw(raw)) return { raw, where: nameOf(option) };
      return ownOnly.has(option) ? undefined : environment(option);
    },
  };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = new Map<string, unknown>(Object.entries(current)).get(key);
  }
  return current;
}

function isRaw(value: unknown): value is Raw {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return ['string', 'number', 'boolean'].includes(typeof value);
}

const keys: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['LAKECTL_SERVER_ENDPOINT_URL', ['server', 'endpoint_url']],
  ['LAKECTL_CREDENTIALS_ACCESS_KEY_ID', ['credentials', 'access_key_id']],
  ['LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY', ['credentials', 'secret_access_key']],
]);

/**
 * Looks in lakectl's own file, given as text; undefined where there is none. A file that is not YAML counts as
 * empty: it is not ours to complain about, and what is missing then is said.
 */
export function lakectlLookup(text: string | undefined): Lookup {
  const document = parseDocument(text ?? '');
  return function lookup(option) {
    const key = keys.get(option.env[0] ?? '');
    if (key === undefined || document.errors.length > 0) return undefined;
    const raw: unknown = document.getIn(key);
    return typeof raw === 'string' && raw !== ''
      ? { raw, where: `~/.lakectl.yaml: ${key.join('.')}` }
      : undefined;
  };
}
