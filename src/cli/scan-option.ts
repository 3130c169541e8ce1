import { InvalidArgumentError, Option } from 'commander';

const usual = 2_000;

/** How many of the newest runs are looked at whatever their tags: without the service nothing else finds them. */
export function scanOption(): Option {
  return new Option('--scan <runs>', 'newest runs to look at beside tagged ones: a number, or "all"')
    .argParser((text) => (text === 'all' ? Number.POSITIVE_INFINITY : wholeNumber(text, 0)))
    .default(usual);
}

export function limitOption(text: string, usualLimit: number): Option {
  return new Option('--limit <number>', text).argParser((given) => wholeNumber(given, 1)).default(usualLimit);
}

function wholeNumber(text: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
}
