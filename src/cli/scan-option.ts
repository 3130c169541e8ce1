import { Option } from 'commander';
import { readCount } from './numbers.js';

const usual = 2_000;

/** How many of the newest runs are looked at whatever their tags: without the service nothing else finds them. */
export function scanOption(): Option {
  return new Option('--scan <runs>', 'also look at the newest n runs without tags: a number, or "all"')
    .argParser((text) => (text === 'all' ? Number.POSITIVE_INFINITY : text === '0' ? 0 : readCount(text)))
    .default(usual);
}

export function limitOption(text: string, usualLimit: number): Option {
  return new Option('--limit <n>', text).argParser(readCount).default(usualLimit);
}
