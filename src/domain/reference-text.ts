import { cut } from './text.js';

/** A value as `--why` shows it: at most 300 characters. */
export function shownValue(text: string): string {
  return text.length <= 300 ? text : `${cut(text, 300)}…`;
}
