import { type DestinationStream, pino } from 'pino';
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
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: factsOrSame, error: factsOrSame },
      hooks: { streamWrite: redact },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

/** Some log the text of an error alone. */
function factsOrSame(value: unknown): unknown {
  return value instanceof Error ? errorFacts(value) : value;
}
