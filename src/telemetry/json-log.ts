import { type DestinationStream, pino } from 'pino';
import { shorten } from '../domain/common/text.js';
import { errorFacts } from './error-facts.js';
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
