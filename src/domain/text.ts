/**
 * Texts that people wrote (messages, names, paths) on their way into MLflow. A NUL kills a PostgreSQL-backed
 * MLflow, other control characters break its pages, and half a surrogate pair is not UTF-8.
 */

/** One line: control characters and line breaks become blanks; at most `limit` code points, then `…`. */
export function toLine(text: string, limit: number): string {
  return shorten(clean(text).replace(/\s+/g, ' ').trim(), limit);
}

/** Several lines: control characters but `\n` and tabs are dropped; at most `limit` code points, then `…`. */
export function toText(text: string, limit: number): string {
  return shorten(
    clean(text.replace(/\r\n?/g, '\n'))
      .replace(/[ \t]+$/gm, '')
      .trim(),
    limit,
  );
}

/** The first line that holds something, or an empty text. */
export function firstLine(text: string): string {
  return (
    text
      .split(/[\r\n\u2028\u2029]+/)
      .map((line) => toLine(line, Number.MAX_SAFE_INTEGER))
      .find((line) => line !== '') ?? ''
  );
}

/** At most `limit` code points; a text that is longer ends in `…`, which counts. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = Array.from(text);
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`;
}

/** True where MLflow can store the text as it is. */
export function isClean(text: string): boolean {
  return text.isWellFormed() && !controls.test(text);
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
  const longest = Math.max(0, ...Array.from(inner.matchAll(/`+/g), ([run]) => run.length));
  return { inner, fence: '`'.repeat(Math.max(atLeast, longest + 1)) };
}

// Tab and line feed are no harm; the directional marks turn the text around them.
const controls = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]/gu, (character) =>
      character === '\n' || character === '\t' ? character : ' ',
    )
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}
