import type { Option } from './option.js';

/** A setting as found: text in the environment, also lists, numbers and booleans in CONFIG. */
export type Raw = string | number | boolean | readonly string[];

/** `problem` completes the sentence that starts with the setting's name, and never repeats the value. */
export type Parsed<T> =
  | { readonly value: T; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** The longest that a Node timer takes, in ms. */
const longestTimer = 2 ** 31 - 1;

/** `500ms`, `30s`, `1.5m`, `24h`, `7d` → ms. */
export function parseDuration(raw: Raw, { min = 0, max = longestTimer }: Option): Parsed<number> {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(raw).trim()) ?? [];
  if (!isUnit(unit)) return { problem: 'must be a number with a unit: 500ms, 30s, 5m, 24h or 7d' };
  const value = Math.round(Number(number) * unitMs[unit]);
  if (value < min) return { problem: `must be at least ${durationText(min)}` };
  if (value > max) return { problem: `must be at most ${Math.floor(max / unitMs.d)}d` };
  return { value };
}

/** In the largest unit that divides it. */
function durationText(ms: number): string {
  if (ms > 0 && ms % unitMs.m === 0) return `${ms / unitMs.m}m`;
  return ms > 0 && ms % unitMs.s === 0 ? `${ms / unitMs.s}s` : `${ms}ms`;
}

function isUnit(unit: string | undefined): unit is keyof typeof unitMs {
  return unit !== undefined && unit in unitMs;
}

export function parseNumber(raw: Raw, { min = 0, max = Number.MAX_SAFE_INTEGER }: Option): Parsed<number> {
  const text = String(raw).trim();
  const value = Number(text);
  return /^\d{1,16}$/.test(text) && value >= min && value <= max
    ? { value }
    : { problem: `must be a whole number from ${min} to ${max}` };
}

export function parseYesNo(raw: Raw): Parsed<boolean> {
  const text = String(raw).trim().toLowerCase();
  if (['yes', 'true', '1', 'on'].includes(text)) return { value: true };
  if (['no', 'false', '0', 'off'].includes(text)) return { value: false };
  return { problem: 'must be yes or no' };
}

export function parseChoice<const T extends string>(raw: Raw, choices: readonly T[]): Parsed<T> {
  const value = choices.find((choice) => choice === raw);
  return value === undefined ? { problem: `must be one of ${choices.join(', ')}` } : { value };
}

/**
 * What no setting may contain. Docker's env files keep quotation marks as part of the value; a secret may really have
 * them.
 */
export function textProblem(text: string, { secret }: Pick<Option, 'secret'>): string | undefined {
  if (/\p{Cc}/u.test(text)) {
    return 'contains a line break or another control character: it must be a single line';
  }
  if (secret !== true && isQuoted(text)) {
    return 'is in quotation marks, which count as part of the value: remove them (the env files of Docker keep them)';
  }
  return undefined;
}

export function isQuoted(text: string): boolean {
  return text.length >= 2 && /^(["']).*\1$/.test(text);
}

/** Comma-separated, blanks around an entry do not count, empty entries neither. */
export function parseList(raw: Raw): readonly string[] {
  const entries = typeof raw === 'object' ? raw : String(raw).split(',');
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== '');
}

/** Anything else does not survive an HTTP header. */
export function fitsHeader(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

export const headerRule =
  'must consist of printable ASCII characters without spaces: it is sent in an HTTP header';
