import { parseDocument } from 'yaml';
import type { Lookup } from './reader.js';

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
