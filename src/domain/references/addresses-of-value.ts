import type { TableVersion } from '../../contract/flags.js';
import { isAddress, isWord, joined, type PrintedText, printedTexts } from './printed-value.js';

/** An address in the value of a tag or param. */
export interface ValueAddress {
  readonly text: string;
  /** The keys of a map that lead to it, joined by dots; else empty. */
  readonly key: string;
  /** Why it does not count. */
  readonly reason?: string;
  /** The version of the table there. */
  readonly version?: TableVersion | undefined;
}

/** What the value of a tag or param holds. */
export type ValueAddresses =
  | { readonly kind: 'addresses'; readonly addresses: readonly ValueAddress[] }
  /** An address among other words: what the words say about it is not known. */
  | { readonly kind: 'text' }
  | { readonly kind: 'none' };

/**
 * The addresses that a value is, as a whole: one, or several with commas, semicolons, bars or blanks between, or a list
 * or map that holds them, in whichever way it is printed. An address with a blank counts only in quotes: else a remark
 * that begins with an address would count as one. Loggers cut long values: the address at the cut never counts, because
 * the rest of it may be missing.
 */
export function addressesOfValue(value: string): ValueAddresses {
  if (!value.includes(':/')) return { kind: 'none' };
  const text = value.trim();
  const texts = printedTexts(text) ?? textsInLines(text) ?? plainTexts(text, cutLengths.has(value.length));
  if (texts === undefined) return namesLakefs.test(text) ? { kind: 'text' } : { kind: 'none' };
  const found = new Map<string, ValueAddress>();
  for (const one of texts) {
    const address = addressOf(one);
    if (address !== undefined) found.set(JSON.stringify([address.key, address.text]), address);
  }
  return found.size === 0 ? { kind: 'none' } : { kind: 'addresses', addresses: [...found.values()] };
}

/**
 * UTF-16 units that are left of a longer value: Lightning's logger keeps 250, MLflow 500 or 6,000 of a param and 5,000 or
 * 8,000 of a tag.
 */
const cutLengths = new Set([250, 500, 5_000, 6_000, 8_000]);

function addressOf({ key, text, state }: PrintedText): ValueAddress | undefined {
  if (state === 'whole' && isAddress(text) && !isCut(text)) return { key, text };
  if (!namesLakefs.test(text)) return undefined;
  const reason =
    state === 'cut' || isCut(text)
      ? 'the value was cut off here when it was logged, so the address may be incomplete'
      : 'an address among other text';
  return { key, text, reason };
}

/** As autologging (`...`) and Polars (`…`) mark what they left out. */
function isCut(text: string): boolean {
  return /(?:\.\.\.|…)$/.test(text);
}

/** Between two addresses: what follows must begin like one, because keys may hold commas. */
const separators = /[\s,;|]{1,16}(?=[a-z][a-z0-9+.-]*:\/)/i;

/** Without doubt about a store of objects or lakeFS's API; any other address in a text is ignored. */
const namesLakefs = /\b(?:s3[an]?|lakefs):\/|^https?:.*\/repositories\//i;

/** Addresses without brackets or quotes. */
function plainTexts(text: string, mayBeCut: boolean): readonly PrintedText[] | undefined {
  const texts = text.split(separators);
  if (!texts.every((one) => isAddress(one) && !/\s/.test(one))) return undefined;
  return texts.map((one, index) => {
    const state = mayBeCut && index === texts.length - 1 ? 'cut' : 'whole';
    return { key: '', text: one, state };
  });
}

/** Longer texts are no settings. */
const maxLines = 2_000;

/**
 * The texts in a list or map that is printed with one entry a line: YAML (OmegaConf's `to_yaml`, `ConfigDict`), a Series of
 * pandas or Polars. Undefined for anything else: in a remark of several lines not each line is such an entry.
 */
function textsInLines(value: string): readonly PrintedText[] | undefined {
  const lines = value.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2 || lines.length > maxLines) return undefined;
  return polarsSeries(value) ?? pandasSeries(lines) ?? yaml(lines);
}

function polarsSeries(value: string): readonly PrintedText[] | undefined {
  const header = /^shape: \([\d_]+,\)\nSeries: [^\n]*\n/.exec(value)?.[0];
  return header === undefined ? undefined : printedTexts(value.slice(header.length));
}

/** `0    s3://…`, and a last line that ends in the type. */
function pandasSeries(lines: readonly string[]): readonly PrintedText[] | undefined {
  if (!/(?:^|, )dtype: \w+$/.test(lines.at(-1)?.trim() ?? '')) return undefined;
  const found: PrintedText[] = [];
  for (const line of lines.slice(0, -1)) {
    if (line.trim() === '...') continue;
    const at = line.search(/\s{2}\S/);
    if (at < 1) return undefined;
    const key = line.slice(0, at).trim();
    const text = line.slice(at).trim();
    found.push({ key: isWord(key) ? key : '', text, state: 'whole' });
  }
  return found;
}

interface Level {
  readonly indent: number;
  readonly key: string;
}

function yaml(lines: readonly string[]): readonly PrintedText[] | undefined {
  const found: PrintedText[] = [];
  const levels: Level[] = [];
  for (const line of lines) {
    const start = /^ *(?:- )*/.exec(line)?.[0] ?? '';
    const rest = line.slice(start.length).trim();
    const [named = '', name] = /^([\w.-]{1,100}):(?= |$)/.exec(rest) ?? [];
    if (name === undefined && !start.endsWith('- ')) return undefined;
    const value = rest.slice(named.length).trim();
    const indent = start.length;
    // A list may be as far to the left as the key that it belongs to.
    while ((levels.at(-1)?.indent ?? -1) >= (name === undefined ? indent - 1 : indent)) levels.pop();
    const key = joined(levels.at(-1)?.key ?? '', name ?? '');
    if (name !== undefined) levels.push({ indent, key });
    const inner = printedTexts(value);
    if (inner === undefined) found.push({ key, text: value, state: /\s/.test(value) ? 'part' : 'whole' });
    else found.push(...inner.map((one) => ({ ...one, key: joined(key, one.key) })));
  }
  return found;
}
