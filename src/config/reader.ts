import { type Address, parseServerAddress } from './address.js';
import type { Option } from './option.js';
import { errorCode } from './settings-error.js';
import {
  type Parsed,
  parseChoice,
  parseDuration,
  parseList,
  parseNumber,
  parseYesNo,
  type Raw,
  textProblem,
} from './values.js';

/** A value and the place it came from, as a person would look for it. */
export interface Found {
  readonly raw: Raw;
  readonly where: string;
}

export type Lookup = (option: Option) => Found | undefined;

/** Where settings are looked for, and what a person would call an option that is not there. */
export interface Source {
  readonly lookup: Lookup;
  nameOf(option: Option): string;
}

/** An option that always has a value, so that reading it always gives one. */
type WithDefault = Option & { readonly default: string };

/** Reads settings one by one. What is wrong with them is collected; the value is then the default. */
export interface Reader {
  text(option: Option): string | undefined;
  address(option: Option): Address | undefined;
  list(option: Option): readonly string[];
  duration(option: WithDefault): number;
  number(option: WithDefault): number;
  yesNo(option: WithDefault): boolean;
  choice<const T extends string>(option: WithDefault & { readonly choices: readonly T[] }): T;
  /** Adds a problem with an option, under the name by which it was given. */
  complain(option: Option, problem: string): void;
}

export function createReader({ lookup, nameOf }: Source, problems: string[]): Reader {
  const said = new Set<string>();
  function complain(option: Option, problem: string): void {
    const text = `${lookup(option)?.where ?? nameOf(option)} ${problem}`;
    // Some are read twice, such as an address and the login in it.
    if (said.has(text)) return;
    said.add(text);
    problems.push(text);
  }
  function read<T>(option: WithDefault, parse: (raw: Raw) => Parsed<T>): T {
    const found = lookup(option);
    const parsed = parse(found?.raw ?? option.default);
    if (parsed.problem === undefined) return parsed.value;
    complain(option, parsed.problem);
    const fallback = parse(option.default);
    if (fallback.problem === undefined) return fallback.value;
    throw new Error(`the default of ${option.env[0]} ${fallback.problem}`);
  }
  function text(option: Option): string | undefined {
    const raw = lookup(option)?.raw ?? option.default;
    if (raw === undefined) return undefined;
    const given = String(raw).trim();
    const problem = textProblem(given, option);
    if (problem !== undefined) complain(option, problem);
    return given || undefined;
  }
  return {
    text,
    complain,
    address(option) {
      const given = text(option);
      if (given === undefined) return undefined;
      const parsed = parseServerAddress(given);
      if (parsed.problem !== undefined) complain(option, parsed.problem);
      return parsed.value;
    },
    list(option) {
      const entries = parseList(lookup(option)?.raw ?? option.default ?? '');
      const problem = entries.map((entry) => textProblem(entry, option)).find((one) => one !== undefined);
      if (problem !== undefined) complain(option, problem);
      return entries;
    },
    duration: (option) => read(option, (raw) => parseDuration(raw, option)),
    number: (option) => read(option, (raw) => parseNumber(raw, option)),
    yesNo: (option) => read(option, parseYesNo),
    choice: (option) => read(option, (raw) => parseChoice(raw, option.choices)),
  };
}

/** Looks in the environment. A variable that is set to nothing counts as not set, as compose files leave it. */
export function environmentLookup(env: Readonly<Record<string, string | undefined>>): Lookup {
  return function lookup(option) {
    for (const where of option.env) {
      const raw = env[where]?.trim() ?? '';
      if (raw !== '') return { raw, where };
    }
    return undefined;
  };
}

/** The first of several places that has a value. */
export function firstOf(...lookups: readonly Lookup[]): Lookup {
  return function lookup(option) {
    for (const one of lookups) {
      const found = one(option);
      if (found) return found;
    }
    return undefined;
  };
}

/** Reads the name of a PEM file and complains where it is none; the name stays the value. */
export function readCaFile(
  reader: Reader,
  option: Option,
  readFile: (path: string) => string,
): string | undefined {
  const name = reader.text(option);
  if (name === undefined) return undefined;
  try {
    if (!readFile(name).includes('-----BEGIN CERTIFICATE-----')) {
      reader.complain(
        option,
        'names a file without a certificate: it must be in PEM form, with a line -----BEGIN CERTIFICATE-----',
      );
    }
  } catch (error) {
    reader.complain(option, `names a file that cannot be read (${errorCode(error)})`);
  }
  return name;
}
