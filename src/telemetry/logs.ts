import { type DestinationStream, pino } from 'pino';
import { escaped, shorten } from '../domain/common/text.js';
import type { Log } from './log.js';

/** One JSON line per entry, as log collectors like it. `redact` sees each whole line last. */
export function createJsonLog(
  level: string,
  redact: (line: string) => string,
  destination?: DestinationStream,
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withShortTexts },
      serializers: { err: factsOrSame, error: factsOrSame },
      hooks: { streamWrite: redact },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

/** UTF-16 units of one value. */
const maxValue = 10_000;

function withShortTexts(data: Record<string, unknown>): Record<string, unknown> {
  const values = Object.entries(data);
  if (!values.some(([, value]) => typeof value === 'string' && value.length > maxValue)) return data;
  return Object.fromEntries(
    values.map(([key, value]) => [key, typeof value === 'string' ? shorten(value, maxValue) : value]),
  );
}

/** Some log the text of an error alone. */
function factsOrSame(value: unknown): unknown {
  return value instanceof Error ? errorFacts(value) : value;
}

const levels = ['debug', 'info', 'warn', 'error'];

/**
 * Log lines for a person at a terminal: `21:04:11 warn  lakeFS cannot be reached  installation=default`. One entry is one
 * line: control characters are escaped, so that no server's error can add a line of its own or move the cursor.
 *
 * @param now Unix ms
 */
export function createConsoleLog(
  level: string,
  redact: (line: string) => string,
  write: (line: string) => void,
  now: () => number,
): Log {
  // pino's `trace` is below debug, `fatal` and `silent` above error.
  const least = level === 'trace' ? 0 : levels.includes(level) ? levels.indexOf(level) : levels.length;

  function entry(name: string): (data: object, message: string) => void {
    if (levels.indexOf(name) < least) return () => {};
    return (data, message) => {
      const time = new Date(now()).toTimeString().slice(0, 8);
      write(
        `${escaped(redact(`${time} ${name.padEnd(5)} ${shorten(message, maxConsoleValue)}${describe(data)}`))}\n`,
      );
    };
  }

  return { debug: entry('debug'), info: entry('info'), warn: entry('warn'), error: entry('error') };
}

/** Code points of one value. */
const maxConsoleValue = 2_000;

function describe(data: object): string {
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key}=${shorten(text(value), maxConsoleValue)}`)
    .join('');
}

function text(value: unknown): string {
  if (value instanceof Error) {
    const { message, cause } = errorFacts(value);
    return cause === undefined ? message : `${message} (${cause.message})`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export interface ErrorFacts {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
  readonly stack?: string;
  readonly cause?: ErrorFacts;
}

/** Code points. */
const maxMessage = 2_000;
const maxStack = 10_000;

/**
 * What a log may hold of an error. Only these fields: an HTTP client's error carries the whole request, with
 * its Authorization header.
 */
function errorFacts(error: unknown, depth = 3): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: shorten(String(error), maxMessage) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  return {
    type: error.name,
    message: shorten(error.message, maxMessage),
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
    ...(error.stack === undefined ? {} : { stack: shorten(error.stack, maxStack) }),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: errorFacts(error.cause, depth - 1) }),
  };
}
