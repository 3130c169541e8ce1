import { InvalidArgumentError } from 'commander';

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
