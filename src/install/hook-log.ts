import { toLine } from '../domain/common/text.js';

const errorMark = 'Error: ';
/** Bytes or characters; cut before anything else is done, since lakeFS stores answers of any size. */
const longest = 2_000;
const shown = 300;

/** Why a hook failed, in one line, by its log in lakeFS; empty where it did not. */
export function errorIn(log: string): string {
  const at = log.lastIndexOf(errorMark);
  if (at < 0) return '';
  const start = at + errorMark.length;
  return withoutPrefix(toLine(log.slice(start, start + longest), shown));
}

/** The body that the receiver of a webhook answered with, in one line, by the hook's log; empty where there is none. */
export function answerIn(log: string): string {
  const start = log.indexOf('\nResponse:\n');
  if (start < 0) return '';
  const end = log.lastIndexOf(errorMark);
  const text = log.slice(start, end < start ? log.length : end);
  const blank = text.indexOf('\r\n\r\n');
  if (blank < 0) return '';
  const body = text.slice(blank + 4, blank + 4 + longest);
  // Go writes down a chunked answer as it came, sizes included.
  const chunked = /\ntransfer-encoding: chunked/i.test(text.slice(0, Math.min(blank, longest)));
  return toLine(chunked ? dechunk(body) : body, shown);
}

function dechunk(text: string): string {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts).toString();
}

/** lakeFS's words without what it puts before and behind them. */
export function withoutPrefix(problem: string): string {
  return problem.replace(/^action failed: /, '').replace(/ stack traceback:.*$/, '');
}
