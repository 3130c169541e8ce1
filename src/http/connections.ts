/**
 * Which kind of connection is faster on a server.
 *
 * An MLflow server with two or more workers, its default, answers on a reused connection 42 ms late (Nagle's
 * algorithm against delayed acknowledgements), while a new connection costs it 1 or 2 ms. Elsewhere reuse is
 * the better choice. Only measuring tells.
 */
export interface Timings {
  /** ms per request, each on a new connection. */
  readonly fresh: readonly number[];
  /** ms per request on one connection, without the first. */
  readonly reused: readonly number[];
}

/**
 * Reuse, unless it is clearly slower: by half and by more than 10 ms. The fastest request of each kind counts,
 * because a busy machine only ever makes requests slower, and the stall hits every one.
 */
export function chooseConnections({ fresh, reused }: Timings): 'reuse' | 'new' {
  if (fresh.length === 0 || reused.length === 0) return 'new';
  const [freshMs, reusedMs] = [Math.min(...fresh), Math.min(...reused)];
  return reusedMs > freshMs * 1.5 && reusedMs - freshMs > 10 ? 'new' : 'reuse';
}

const samples = 3;

/**
 * Times `get`, one request after another: 3 on new connections, then 4 on a reused one, of which the first
 * opens it. Any failure: `new`, which is never wrong by much.
 */
export async function measureConnections(
  get: (mode: 'reuse' | 'new') => Promise<void>,
  now: () => number,
): Promise<'reuse' | 'new'> {
  async function time(mode: 'reuse' | 'new'): Promise<number> {
    const start = now();
    await get(mode);
    return now() - start;
  }
  try {
    const fresh: number[] = [];
    for (let n = 0; n < samples; n += 1) fresh.push(await time('new'));
    await get('reuse');
    const reused: number[] = [];
    for (let n = 0; n < samples; n += 1) reused.push(await time('reuse'));
    return chooseConnections({ fresh, reused });
  } catch {
    return 'new';
  }
}
