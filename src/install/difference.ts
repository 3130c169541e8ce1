import { unixLines } from './action-file.js';

/** So many lines of each side are shown. */
const shown = 10;

/**
 * The lines that only one of two files has, as `+ theirs` and `- ours`, in the order of the files. Moved lines do not
 * count: it is meant for a person who asks what was changed.
 */
export function differenceOf(theirs: string, ours: string): string {
  return [...only(theirs, ours, '+'), ...only(ours, theirs, '-')].join('\n');
}

function only(one: string, other: string, sign: '+' | '-'): string[] {
  const known = new Set(linesOf(other));
  const lines = linesOf(one).filter((line) => line !== '' && !known.has(line));
  const more = lines.length > shown ? [`${sign} … and ${lines.length - shown} more lines`] : [];
  return [...lines.slice(0, shown).map((line) => `${sign} ${line.slice(0, 200)}`), ...more];
}

function linesOf(text: string): string[] {
  return unixLines(text)
    .split('\n')
    .map((line) => line.trimEnd());
}
