import type { TableVersion } from '../../contract/flags.js';
import { textsInLines } from './printed-lines.js';
import { isAddress, type PrintedText, printedTexts } from './printed-value.js';

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

/** Without doubt about a store of objects or lakeFS's API; any other address in a text is no news. */
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
