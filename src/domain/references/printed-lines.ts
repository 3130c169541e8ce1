import { isWord, joined, type PrintedText, printedTexts } from './printed-value.js';

/** Longer texts are no settings. */
const maxLines = 2_000;

/**
 * The texts in a list or map that is printed with one entry a line: YAML (OmegaConf's `to_yaml`, `ConfigDict`), a Series of
 * pandas or Polars. Undefined for anything else: in a remark of several lines not each line is such an entry.
 */
export function textsInLines(value: string): readonly PrintedText[] | undefined {
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
