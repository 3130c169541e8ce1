import { escaped, shorten } from '../domain/common/text.js';
import { errorFacts } from './error-facts.js';
import type { Log } from './log.js';

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
        `${escaped(redact(`${time} ${name.padEnd(5)} ${shorten(message, maxValue)}${describe(data)}`))}\n`,
      );
    };
  }

  return { debug: entry('debug'), info: entry('info'), warn: entry('warn'), error: entry('error') };
}

/** Code points of one value. */
const maxValue = 2_000;

function describe(data: object): string {
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key}=${shorten(text(value), maxValue)}`)
    .join('');
}

function text(value: unknown): string {
  if (value instanceof Error) {
    const { message, cause } = errorFacts(value);
    return cause === undefined ? message : `${message} (${cause.message})`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
