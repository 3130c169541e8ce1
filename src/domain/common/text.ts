/**
 * Texts that people wrote (messages, names, paths) on their way into MLflow. A NUL kills a PostgreSQL-backed
 * MLflow, other control characters break its pages, and half a surrogate pair is not UTF-8.
 */

/** At most `units` UTF-16 code units, and never half a character. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  const last = text.charCodeAt(units - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? units - 1 : units);
}

/**
 * A text as every store takes it: at most `units` UTF-16 code units, then `…`; well-formed; without control characters
 * but `\n` and tabs. What goes into the queue or a tag passes through here: PostgreSQL refuses a NUL, and JSON with half
 * a surrogate pair in it.
 */
export function storable(text: string, units: number): string {
  return clean(whole(text, units));
}

/** At most `units` UTF-16 code units; a text that is longer ends in `…`, which counts. */
function whole(text: string, units: number): string {
  return text.length <= units ? text : `${cut(text, units - 1)}…`;
}

/** One line: control characters and line breaks become blanks; at most `limit` code points, then `…`. */
export function toLine(text: string, limit: number): string {
  return shorten(
    beginning(text, limit, (start) => clean(start).replace(/\s+/g, ' ').trim()),
    limit,
  );
}

/** Several lines: control characters but `\n` and tabs are dropped; at most `limit` code points, then `…`. */
export function toText(text: string, limit: number): string {
  return shorten(
    beginning(text, limit, (start) =>
      clean(start.replace(/\r\n?/g, '\n'))
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
        .trim(),
    ),
    limit,
  );
}

/** The first line that holds something, or an empty text; at most `limit` code points, then `…`. */
export function firstLine(text: string, limit: number): string {
  const lines = cut(text.trim(), room(limit)).split(/[\r\n\u2028\u2029]+/);
  for (const line of lines) {
    const found = toLine(line, limit);
    if (found !== '') return found;
  }
  return '';
}

/** Cuts before it cleans: what a person wrote may be megabytes of blanks, and only its beginning is kept anyway. */
function beginning(text: string, limit: number, tidy: (start: string) => string): string {
  const all = text.trim();
  const start = cut(all, room(limit));
  return start.length === all.length ? tidy(all) : `${tidy(start)}…`;
}

/** UTF-16 units in which `limit` code points are looked for: cleaning leaves out blanks and control characters. */
function room(limit: number): number {
  return limit * 4 + 1_000;
}

/** At most `limit` code points; a text that is longer ends in `…`, which counts. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // A code point has at most two units.
  const points = Array.from(cut(text, limit * 2 + 2));
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`;
}

/** True where MLflow can store the text as it is. */
export function isClean(text: string): boolean {
  return text.isWellFormed() && !unsafe.test(text);
}

/** `1.2 MB`: powers of 1,000, as lakeFS's own pages count. */
export function inBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[unit]}`;
}

/** `1 object`, `3 objects`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** Inline code of Markdown, whatever the text holds. */
export function toCode(text: string): string {
  const { inner, fence } = fenced(text, 1);
  const pad = inner.startsWith('`') || inner.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${inner}${pad}${fence}`;
}

/** A code block of Markdown, whatever the text holds: nothing in it can become a link, a heading or HTML. */
export function toCodeBlock(text: string): string {
  const { inner, fence } = fenced(text, 3);
  return `${fence}\n${inner}\n${fence}`;
}

/** A fence is longer than what it holds, so endless runs of backticks are cut. */
function fenced(text: string, atLeast: number): { readonly inner: string; readonly fence: string } {
  const inner = text.replace(/`{10,}/g, '`````````');
  let longest = 0;
  for (const [run] of inner.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return { inner, fence: '`'.repeat(Math.max(atLeast, longest + 1)) };
}

/** UTF-16 units of a line for people, and of one of a log. */
const maxShown = 10_000;
const maxEscaped = 20_000;

/** Somebody else's name, path or message on one line: what would move the cursor or turn the text is replaced. */
export function shown(text: string): string {
  return whole(text, maxShown).toWellFormed().replace(everyUnsafe, '\uFFFD');
}

/** Like `shown`, but tells what was there: `\n`, `\u001b`. For log lines, which would else be two or none. */
export function escaped(text: string): string {
  return whole(text, maxEscaped)
    .toWellFormed()
    .replace(everyUnsafe, (character) => {
      const known = shortEscapes.get(character);
      return known ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

// The directional marks turn the text around them.
const unsafe = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const everyUnsafe = new RegExp(unsafe.source, 'gu');

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|[\u2028\u2029]/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** One word for a POSIX shell, in single quotes where it needs any. */
export function shellText(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
