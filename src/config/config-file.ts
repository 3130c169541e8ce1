import { Ajv, type ErrorObject } from 'ajv';
import { parseDocument } from 'yaml';
import { configSchema } from './config-schema.js';
import { didYouMean } from './did-you-mean.js';
import type { DatasetRule, LayoutRule } from './types.js';

/** An installation as written: what the schema lets through. Values are read by `configLookup`. */
export interface ConfigInstallation {
  readonly name: string;
  readonly datasets?: readonly DatasetRule[];
  readonly layouts?: readonly LayoutRule[];
  readonly [key: string]: unknown;
}

export interface ConfigFile {
  readonly installations?: readonly ConfigInstallation[];
  readonly datasets?: readonly DatasetRule[];
  readonly layouts?: readonly LayoutRule[];
}

/**
 * Reads the text of CONFIG. Problems never repeat a value: the file may hold secrets. Without `config` the file
 * is too wrong to look for more.
 */
export function parseConfig(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly config?: ConfigFile; readonly problems: readonly string[] } {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ code, linePos }) => {
      const [at] = linePos ?? [];
      return `CONFIG is not valid YAML${at ? ` at line ${at.line}, column ${at.col}` : ''} (${code})`;
    });
    return { problems };
  }
  const missing = new Set<string>();
  let value: unknown;
  try {
    value = substitute(document.toJS() ?? {}, env, missing);
  } catch {
    return { problems: ['CONFIG is not valid YAML: its aliases expand to too much or point to nothing'] };
  }
  const problems = [...missing].map((name) => `CONFIG uses \${${name}}, which is not set in the environment`);
  // Verbose, so that an error knows which keys would have been right.
  const validate = new Ajv({ allErrors: true, verbose: true }).compile<ConfigFile>(configSchema());
  if (validate(value)) return { config: value, problems };
  // What each of several alternatives lacks is said by the error about all of them.
  const errors = (validate.errors ?? []).filter(({ schemaPath }) => !schemaPath.includes('/anyOf/'));
  return { problems: [...problems, ...errors.map(describe)] };
}

function describe({ instancePath, keyword, params, message, parentSchema }: ErrorObject): string {
  const place = instancePath
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
  const subject = place === '' ? 'CONFIG' : `CONFIG ${place}`;
  if (keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    return `${subject} has no setting "${key}"${didYouMean(key, Object.keys(parentSchema?.properties ?? {}))}`;
  }
  if (keyword === 'required') return `${subject} lacks "${params.missingProperty}"`;
  if (keyword === 'anyOf') return `${subject} needs at least one of markers, folders and beside`;
  if (keyword === 'enum') return `${subject} must be one of ${params.allowedValues.join(', ')}`;
  if (keyword === 'type') return `${subject} must be ${kindWords[String(params.type)] ?? params.type}`;
  return `${subject} ${message ?? 'is wrong'}`;
}

/** YAML's words for the types of JSON schema, with their article. */
const kindWords: Readonly<Record<string, string>> = {
  object: 'a map of settings (KEY: VALUE)',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
};

/**
 * Puts environment variables in place of `${NAME}` in every text of a parsed document. It is done after parsing,
 * so that no character of a secret can change the document. Names that are not set go into `missing`.
 */
function substitute(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  missing: Set<string>,
): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = env[name];
      if (found !== undefined && found !== '') return found;
      missing.add(name);
      // Fits wherever a text does, so that nothing else complains about the same thing again.
      return `https://missing.invalid/${name}`;
    });
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, env, missing));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, substitute(item, env, missing)]),
    );
  }
  return value;
}
