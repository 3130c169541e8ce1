import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * Node's own lookup, with one under way for each name however many ask. Node looks up two names at a time, and none can
 * be ended: where a DNS server is silent, those of waiting requests would keep other names waiting, and the process at
 * its end.
 */
export function createSharedLookup(ask: LookupFunction = lookup): LookupFunction {
  const underWay = new Map<string, Parameters<LookupFunction>[2][]>();
  return (hostname, options, callback) => {
    const key = JSON.stringify([hostname, options]);
    const waiting = underWay.get(key);
    if (waiting !== undefined) return void waiting.push(callback);
    const callbacks = [callback];
    underWay.set(key, callbacks);
    ask(hostname, options, (...answer) => {
      underWay.delete(key);
      for (const answered of callbacks) answered(...answer);
    });
  };
}
