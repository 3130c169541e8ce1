import { isRecord } from '../../contract/is-record.js';

/** A text in a printed list or map. */
export interface PrintedText {
  /** The keys that lead to it, joined by dots; empty in a plain list. */
  readonly key: string;
  readonly text: string;
  /**
   * `whole`: the text is all of its entry. `part`: other words stand beside it, or it is a key. `cut`: whoever logged the
   * value cut it here.
   */
  readonly state: 'whole' | 'part' | 'cut';
}

/** Levels of lists in lists; data is not nested deeper. */
const maxDepth = 20;

/**
 * The texts in a list or map as JSON, Python or its libraries print it: with quotes or without (OmegaConf, YAML's flow
 * style), with `None` and numbers between, as NumPy prints arrays (no commas), in constructors (`PosixPath('…')`,
 * `Namespace(data='…')`). A value that ends within a bracket was cut by its logger. Undefined for anything else.
 */
export function printedTexts(value: string): readonly PrintedText[] | undefined {
  const text = value.trim();
  // pydantic prints a model so, and a plain list of texts in quotes is read alike.
  const bare = /^(?:['"]|[a-z_]\w*=['"[{(])/i.test(text);
  if (!bare && !/^(?:[a-z_][\w.]*)?[[({]/i.test(text)) return undefined;
  return textsOfJson(text) ?? textsOfTokens(text, bare);
}

function textsOfJson(text: string): readonly PrintedText[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const found: PrintedText[] = [];
  const waiting: { readonly key: string; readonly value: unknown; readonly depth: number }[] = [
    { key: '', value: json, depth: 0 },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { key, value, depth } = next;
    if (typeof value === 'string') found.push({ key, text: value.trim(), state: 'whole' });
    if (depth >= maxDepth) continue;
    const entries: (readonly [string, unknown])[] = Array.isArray(value)
      ? entriesOfList(value)
      : isRecord(value)
        ? Object.entries(value)
        : [];
    for (const [name, entry] of entries.reverse()) {
      waiting.push({ key: joined(key, name), value: entry, depth: depth + 1 });
    }
  }
  return found;
}

/** A pair may be an entry of a map: `["train", "s3://…"]`. */
function entriesOfList(list: readonly unknown[]): [string, unknown][] {
  const [first] = list;
  const name = typeof first === 'string' && isWord(first) ? first : '';
  return list.map((entry, index) => [index === 0 ? '' : name, entry]);
}

/** Joins keys of maps. */
export function joined(key: string, name: string): string {
  return key === '' || name === '' ? key + name : `${key}.${name}`;
}

/** True for what can be a key without quotes. */
export function isWord(text: string): boolean {
  return /^[\w.-]{1,100}$/.test(text);
}

interface Part {
  readonly kind: 'quoted' | 'bare' | 'group';
  readonly text: string;
  /** True where no blank is before it. */
  readonly glued: boolean;
}

/** One open bracket, and the entry that is read in it. */
interface Frame {
  readonly close: string;
  readonly key: string;
  /** The first text, where it is a word: what follows may be its value. */
  first: string | undefined;
  name: string | undefined;
  parts: Part[];
}

const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };

/** Comes first: what else begins like a word. A key of S3 may hold signs that separate elsewhere. */
const addressToken = /[a-z][a-z0-9+.-]{0,30}:\/+[^\s,;|'"()[\]{}]*/iy;
const quotedToken = /[brfu]{0,2}(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/isy;
const openQuote = /[brfu]{0,2}['"]/iy;
const nameToken = /=>|->|[:=]/y;
const wordToken = /[^\s,;|:='"()[\]{}]+/y;

/** What may follow the comma behind an address without quotes: else the comma may be part of its key. */
const nextEntry = /[,;|](?=\s|$|[)\]}'"]|[a-z][a-z0-9+.-]{0,30}:\/)|[\s)\]}]|$/iy;

function textsOfTokens(text: string, bare: boolean): readonly PrintedText[] | undefined {
  const found: PrintedText[] = [];
  const top: Frame = { close: '', key: '', first: undefined, name: undefined, parts: [] };
  const frames: Frame[] = [top];
  const endEntry = (frame: Frame): void => {
    found.push(...entryTexts(frame));
    const [only, other] = frame.parts;
    if (frame.first === undefined && other === undefined && only?.kind === 'quoted' && isWord(only.text))
      frame.first = only.text;
    frame.first ??= '';
    frame.name = undefined;
    frame.parts = [];
  };
  let at = 0;
  let lastEnd = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null || match[0] === '') return undefined;
    at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    const frame = frames[frames.length - 1] ?? top;
    const start = at;
    const add = (kind: Part['kind'], part: string): void => {
      frame.parts.push({ kind, text: part, glued: frame.parts.length > 0 && start === lastEnd });
      lastEnd = at;
    };
    const sign = text[at] ?? '';
    if (/\s/.test(sign)) {
      at += 1;
    } else if (closing[sign] !== undefined) {
      if (frames.length > maxDepth) return undefined;
      // Behind a word it is the call of a constructor, whose name says nothing.
      const called = frame.parts.at(-1);
      if (called?.kind === 'bare' && start === lastEnd && isWord(called.text)) frame.parts.pop();
      at += 1;
      frames.push({
        close: closing[sign],
        key: joined(frame.key, frame.name ?? frame.first ?? ''),
        first: undefined,
        name: undefined,
        parts: [],
      });
    } else if (sign === ')' || sign === ']' || sign === '}') {
      if (sign !== frame.close) return undefined;
      endEntry(frame);
      frames.pop();
      at += 1;
      const outer = frames[frames.length - 1] ?? top;
      outer.parts.push({ kind: 'group', text: frame.first ?? '', glued: false });
      lastEnd = at;
      if (frames.length === 1 && !bare) return text.slice(at).trim() === '' ? found : undefined;
    } else if (sign === ',' || sign === ';' || sign === '|') {
      endEntry(frame);
      at += 1;
    } else if (take(addressToken)) {
      const address = text.slice(start, at);
      nextEntry.lastIndex = at;
      // An address that goes on to the end of a cut value may be longer.
      if (at === text.length && (frames.length > 1 || bare)) {
        found.push({ key: frame.key, text: address, state: 'cut' });
      } else {
        add('bare', address);
        if (!nextEntry.test(text)) add('bare', '');
      }
    } else if (take(nameToken)) {
      const named = frame.parts.pop();
      // `train='a' test='b'`
      if (frame.parts.length > 0 && named?.kind === 'bare') endEntry(frame);
      frame.name = named?.text ?? '';
      if (named !== undefined && named.kind !== 'group' && isAddress(named.text))
        found.push({ key: frame.key, text: named.text, state: 'part' });
    } else {
      const quoted = take(quotedToken);
      if (quoted !== undefined) add('quoted', (quoted[1] ?? quoted[2] ?? '').trim());
      else if (take(openQuote)) {
        found.push({ key: frame.key, text: text.slice(at), state: 'cut' });
        at = text.length;
      } else if (take(wordToken)) add('bare', text.slice(start, at));
      else return undefined;
    }
  }
  for (const frame of frames.reverse()) endEntry(frame);
  return found;
}

/** One entry counts where it is one text, or as NumPy prints several: with blanks between. */
function entryTexts({ key, first, name, parts }: Frame): readonly PrintedText[] {
  const texts = parts.filter(({ kind, text }) => kind !== 'group' && text !== '...');
  const quoted = texts.every(({ kind }) => kind === 'quoted');
  const alone = quoted || texts.every(({ kind, text }) => kind === 'bare' && isAddress(text));
  const glued = texts.some((part) => part.glued);
  const path = joined(key, name ?? first ?? '');
  // What a backslash stands for depends on who printed it.
  const isWhole = ({ text }: Part): boolean => alone && !glued && !text.includes('\\');
  return texts.map((part) => ({ key: path, text: part.text, state: isWhole(part) ? 'whole' : 'part' }));
}

/** True for a text that begins like an address of any scheme. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/+[^/]/i.test(text);
}
