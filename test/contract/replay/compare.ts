import type { Correspondence } from './correspondence.js';

/** In what a server may differ from the recording. */
export interface Leeway {
  /** How far a server's second may be from the recorded one; undefined: any time will do. */
  readonly toleranceSeconds: number | undefined;
  /** True where the server may be of another version. */
  readonly anyVersion?: boolean;
}

/** Compares two JSON values; @returns every difference, with its place. */
export function compareBody(
  recorded: unknown,
  actual: unknown,
  ids: Correspondence,
  rule: Leeway,
  place = 'body',
): string[] {
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    const lengths =
      recorded.length === actual.length ? [] : [`${place}: ${actual.length} items, not ${recorded.length}`];
    return lengths.concat(
      recorded.flatMap((one, index) => compareBody(one, actual[index], ids, rule, `${place}[${index}]`)),
    );
  }
  if (isRecord(recorded) && isRecord(actual)) {
    const keys = Object.keys(recorded).sort();
    const got = Object.keys(actual).sort();
    const wrong = keys.join() === got.join() ? [] : [`${place}: fields ${got.join()}, not ${keys.join()}`];
    return wrong.concat(
      keys.flatMap((key) => compareField(recorded, actual, key, ids, rule, `${place}.${key}`)),
    );
  }
  if (typeof recorded === 'string' && typeof actual === 'string') {
    const wrong = ids.compareText(inOrder(recorded), inOrder(actual));
    return wrong === undefined ? [] : [`${place}: ${wrong}`];
  }
  return recorded === actual ? [] : [`${place}: ${JSON.stringify(actual)}, not ${JSON.stringify(recorded)}`];
}

function compareField(
  recorded: Record<string, unknown>,
  actual: Record<string, unknown>,
  key: string,
  ids: Correspondence,
  rule: Leeway,
  place: string,
): string[] {
  const [want, got] = [recorded[key], actual[key]];
  if (/^meta_?range_id$/.test(key) && typeof want === 'string') ids.noteTree(want);
  if (typeof want === 'number' && typeof got === 'number') {
    if (['creation_date', 'mtime', 'token_expiration'].includes(key)) {
      const near = rule.toleranceSeconds === undefined || Math.abs(want - got) <= rule.toleranceSeconds;
      return near && (want === 0) === (got === 0) ? [] : [`${place}: ${got}, not ${want}`];
    }
    if (key === 'size_bytes' && ids.compareSize(String(recorded.path), want, got)) return [];
  }
  if (place.endsWith('.version_config.version') && rule.anyVersion === true) {
    return typeof got === 'string' && got !== '' ? [] : [`${place}: no text`];
  }
  if (key === 'token') return typeof got === 'string' ? [] : [`${place}: no text`];
  if (key === 'message' && typeof want === 'string' && typeof got === 'string') {
    // lakeFS goes on with the whole schema; only the first line says something.
    if (want.startsWith("request body has an error: doesn't match schema")) {
      return compareBody(firstLine(want), firstLine(got), ids, rule, place);
    }
  }
  return compareBody(want, got, ids, rule, place);
}

/** In the stored output of a hook, query parameters and headers come in an order that varies. */
function inOrder(text: string): string {
  if (!text.startsWith('Request:\n')) return text;
  return text.replace(
    /(?<=Query Params:\n)(.*?)(?=Headers:\n)|(?<=Headers:\n)(.*?)(?=Request Body:\n)/gs,
    (lines) => lines.split('\n').sort().join('\n'),
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
