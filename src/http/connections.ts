/**
 * Which kind of connection is faster on a server.
 *
 * An MLflow server with two or more workers, its default, answers on a reused connection 42 ms late (Nagle's
 * algorithm against delayed acknowledgements), while a new connection costs both sides half a millisecond or more.
 * The kernel delays acknowledgements on a connection on which a request follows an answer within 40 ms: one that has
 * rested longer answers at once. Elsewhere plain reuse is the better choice. Only measuring tells.
 */
export interface Timings {
  /** ms per request, each on a new connection. */
  readonly fresh: readonly number[];
  /** ms per request on a kept connection, without the first. */
  readonly kept: readonly number[];
}

export interface Measured {
  readonly connections: 'reuse' | 'rested' | 'new';
  /** Where they are reused: the fastest request, in ms. */
  readonly fastestMs?: number;
}

/**
 * A server this near (ms for a request that does nothing) that does not stall has one worker: Python runs one request
 * at a time, and those beside it make it slower. With log-batch on one worker: 5.6 ms of its time each with one or two
 * in flight, 7.5 with four, 9.5 with eight.
 */
const nearMs = 5;
export const inFlightWhereOneWorks = 2;

/** True for a near server with one worker. */
export function hasOneWorker({ connections, fastestMs }: Measured): boolean {
  return connections === 'reuse' && fastestMs !== undefined && fastestMs < nearMs;
}

/** How long a connection rests between an answer and the next request in mode `rested`, in ms. */
export const restMs = 60;

/**
 * True where keeping connections is clearly slower: by half and by more than 10 ms. The fastest request of each kind
 * counts, because a busy machine only ever makes requests slower, and the stall hits every one.
 */
function stalls({ fresh, kept }: Timings): boolean {
  if (fresh.length === 0 || kept.length === 0) return true;
  const [freshMs, keptMs] = [Math.min(...fresh), Math.min(...kept)];
  return keptMs > freshMs * 1.5 && keptMs - freshMs > 10;
}

const samples = 3;

export interface Probe {
  readonly get: (mode: 'new' | 'reuse') => Promise<void>;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Any clock in ms. */
  readonly now: () => number;
}

/**
 * Times `get`, one request after another: 3 on new connections, then 4 on a kept one, of which the first opens it;
 * where these stall 3 more on it, each after a rest. Any failure: `new`, which is never wrong by much.
 */
export async function measureConnections({ get, sleep, now }: Probe): Promise<Measured> {
  async function time(mode: 'reuse' | 'new', rest: number): Promise<readonly number[]> {
    const times: number[] = [];
    while (times.length < samples) {
      if (rest > 0) await sleep(rest);
      const start = now();
      await get(mode);
      times.push(now() - start);
    }
    return times;
  }
  try {
    const fresh = await time('new', 0);
    await get('reuse');
    const kept = await time('reuse', 0);
    if (!stalls({ fresh, kept })) return { connections: 'reuse', fastestMs: Math.min(...kept) };
    const rested = await time('reuse', restMs);
    return { connections: stalls({ fresh, kept: rested }) ? 'new' : 'rested' };
  } catch {
    return { connections: 'new' };
  }
}
