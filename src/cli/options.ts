import { InvalidArgumentError, Option } from 'commander';

/** A whole number from 1. For options of commands: throws what commander tells with the option's name. */
export function readCount(text: string): number {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  if (number < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return number;
}

/** A percentage from 0 to 100, with or without its sign. */
export function readPercent(text: string): number {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,3})?)\s?%?$/.exec(text.trim()) ?? [];
  if (digits === undefined || Number(digits) > 100) {
    throw new InvalidArgumentError('It must be a percentage from 0 to 100.');
  }
  return Number(digits);
}

const usual = 2_000;

/** How many of the newest runs are scanned whatever their tags: without the service nothing else finds them. */
export function scanOption(): Option {
  return new Option('--scan <runs>', 'also scan the newest n runs without tags: a number, or "all"')
    .argParser((text) => (text === 'all' ? Number.POSITIVE_INFINITY : text === '0' ? 0 : readCount(text)))
    .default(usual);
}

export function limitOption(text: string, usualLimit: number): Option {
  return new Option('--limit <n>', text).argParser(readCount).default(usualLimit);
}
