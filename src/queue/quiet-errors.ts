import type { QueueLog } from './log.js';

const quietMs = 30_000;

/**
 * Returns an error listener that logs the first of a row of equal errors and then one every 30 s: a store
 * that is down makes every connection fail many times a second.
 */
export function quietErrors(log: QueueLog, where: string): (error: Error) => void {
  const said = new Map<string, { at: number; unsaid: number }>();
  return (error) => {
    const what = error.message || ('code' in error ? String(error.code) : error.name);
    const now = Date.now();
    const last = said.get(what);
    if (last !== undefined && now - last.at < quietMs) {
      last.unsaid += 1;
      return;
    }
    if (said.size > 50) said.clear();
    said.set(what, { at: now, unsaid: 0 });
    log.warn(
      { where, error: what, repeated: last?.unsaid ?? 0 },
      'the connection to the queue reported an error',
    );
  };
}
