import type { TableVersion } from '../../contract/flags.js';
import type { RunView } from '../../contract/run.js';
import { isOurKey } from '../../contract/tags.js';

import { type Address, parseAddress, showAddress, shownValue } from './address.js';
import { addressesOfValue, type ValueAddresses } from './addresses-of-value.js';
import { isAddressValue } from './named-references.js';
import { outputWordOf, type ReferenceRules, roleOf } from './reference-rules.js';
import type { NoReference, Reference } from './reference-types.js';
import { deltaVersion, tableOf } from './table-version.js';

/** So many refs may the values of one run name: each is looked up, and weighed against every dataset input. */
const maxRefs = 100;

/** UTF-16 units; MLflow stores up to 8,000 of a tag, and 6,000 of a param. */
const maxValue = 20_000;
/** MLflow takes 250 characters. */
const maxKey = 1_000;

/** Spark's autologging keeps what the active run read: lines of `path=…,version=…,format=…`. */
const sparkKey = 'sparkDatasourceInfo';

/**
 * Adds the addresses that are the whole value of a tag or param. MLflow's own tags and ours say nothing (a source
 * file, a note, the history of models hold addresses too), nor do keys of
 * the rules that name a repository, nor keys that name what a run writes.
 */
export function collectAddresses(
  run: RunView,
  rules: ReferenceRules,
  found: Reference[],
  none: NoReference[],
): void {
  const refs = new Set<string>();
  for (const [where, values] of [
    ['tag', run.tags],
    ['param', run.params],
  ] as const) {
    for (const [key, value] of values) {
      if (!isAddressValue(value) || isSilent(key) || roleOf(key, rules) === 'repo') continue;
      if (value.length > maxValue || key.length > maxKey) {
        const reason = `its key has more than ${maxKey} characters, or its value more than ${maxValue}`;
        none.push({ where, name: shownValue(key), text: shownValue(value), reason });
        continue;
      }
      for (const one of readValue(key, value, rules)) {
        const at = { where, name: key, text: shownValue(one.text) };
        if ('reason' in one) {
          none.push({ ...at, reason: one.reason });
          continue;
        }
        const ref = `${one.address.repository}/${one.address.ref}`;
        if (refs.size < maxRefs) refs.add(ref);
        if (!refs.has(ref)) none.push({ ...at, reason: `tags and params name more than ${maxRefs} refs` });
        else
          found.push({
            ...at,
            context: undefined,
            address: one.address,
            host: one.host,
            dataset: undefined,
            ...(one.version === undefined ? {} : { version: one.version }),
          });
      }
    }
  }
}

/** True where a tag or param may hold an address. Asked of every run of a sweep. */
export function mayHoldAddress({ tags, params }: RunView): boolean {
  for (const [key, value] of tags) if (value.includes(':/') && !isSilent(key)) return true;
  for (const value of params.values()) if (value.includes(':/')) return true;
  return false;
}

function isSilent(key: string): boolean {
  return key.startsWith('mlflow.') || isOurKey(key);
}

type Said =
  | {
      readonly text: string;
      readonly address: Address;
      readonly host: string | undefined;
      readonly version: TableVersion | undefined;
    }
  | { readonly text: string; readonly reason: string };

/** Addresses of lakeFS, or why they are none; of what is plainly about something else nothing is said. */
function readValue(key: string, value: string, rules: ReferenceRules): readonly Said[] {
  const read = key === sparkKey ? sparkPaths(value) : addressesOfValue(value);
  if (read.kind === 'none') return [];
  if (read.kind === 'text') {
    return [{ text: value, reason: 'an address among other text, or with a blank outside of quotes' }];
  }
  return read.addresses.flatMap((one): readonly Said[] => {
    const shown = showAddress(one.text);
    if (one.reason !== undefined) return [{ text: shown, reason: one.reason }];
    const parsed = parseAddress(one.text, rules);
    if (parsed.kind === 'none')
      return /^https?:/i.test(one.text) ? [] : [{ text: shown, reason: parsed.reason }];
    const word = outputWordOf(one.key === '' ? key : `${key}.${one.key}`, rules);
    if (word !== undefined) {
      return [{ text: shown, reason: `its key says "${word}", so it may be what the run wrote` }];
    }
    const { address, version = one.version } = tableOf(parsed.address);
    return [{ text: shown, address, host: parsed.host, version }];
  });
}

/** A table that was read at two versions is named twice. */
function sparkPaths(value: string): Extract<ValueAddresses, { kind: 'addresses' }> {
  const read = [...new Set(value.split('\n'))].flatMap((line) => {
    const [, text, version = ''] = /^path=(.+?)(?:,version=([^,]*))?(?:,format=[^,]*)?$/.exec(line) ?? [];
    return text === undefined ? [] : [{ key: '', text, version: deltaVersion(version) }];
  });
  return { kind: 'addresses', addresses: read };
}
