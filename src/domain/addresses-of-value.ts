/** What the value of a tag or param holds. */
export type ValueAddresses =
  | { readonly kind: 'addresses'; readonly texts: readonly string[] }
  /** An address among other words: what the words say about it is not known. */
  | { readonly kind: 'text' }
  | { readonly kind: 'none' };

/**
 * The addresses that a value is, as a whole: one, or several with commas, semicolons or blanks between, or a list of
 * them as JSON or Python writes it (`log_param` writes a list as `['a', 'b']`). An address with a blank counts only in
 * quotes: else a remark that begins with an address would count as one.
 */
export function addressesOfValue(value: string): ValueAddresses {
  if (!value.includes(':/')) return { kind: 'none' };
  const text = value.trim();
  const quoted = quotedTexts(text);
  const texts = quoted ?? text.split(separators);
  const whole = texts.length > 0 && texts.every((one) => address.test(one));
  if (whole && (quoted !== undefined || texts.every((one) => !/\s/.test(one))))
    return { kind: 'addresses', texts: [...new Set(texts)] };
  return namesLakefs.test(text) ? { kind: 'text' } : { kind: 'none' };
}

const address = /^[a-z][a-z0-9+.-]*:\/+[^/]/i;

/** Between two addresses: what follows must begin like one, because keys may hold commas. */
const separators = /[\s,;]{1,16}(?=[a-z][a-z0-9+.-]*:\/)/i;

/** Without doubt about a store of objects or lakeFS's API; any other address in a text is no news. */
const namesLakefs = /\b(?:s3[an]?|lakefs):\/|^https?:.*\/repositories\//i;

/** `"a"`, `["a", "b"]`, `['a', 'b']`, `('a',)`; undefined for anything else. */
function quotedTexts(text: string): readonly string[] | undefined {
  if (!/^["'[(]/.test(text)) return undefined;
  const parsed = parseJson(text);
  if (typeof parsed === 'string') return [parsed.trim()];
  if (Array.isArray(parsed)) {
    return parsed.every((one) => typeof one === 'string') ? parsed.map((one) => one.trim()) : [];
  }
  const inner = /^\[(.*)\]$|^\((.*)\)$|^(['"].*['"])$/s.exec(text);
  return inner === null ? undefined : pythonTexts(inner[1] ?? inner[2] ?? inner[3] ?? '');
}

/** Texts in quotes with commas between; undefined for anything else. A backslash ends the attempt: it may escape. */
function pythonTexts(inner: string): readonly string[] | undefined {
  const item = /\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*(,|$)/y;
  const found: string[] = [];
  while (item.lastIndex < inner.length) {
    const match = item.exec(inner);
    if (match === null) return undefined;
    found.push((match[1] ?? match[2] ?? '').trim());
    if (match[3] === '') break;
  }
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
