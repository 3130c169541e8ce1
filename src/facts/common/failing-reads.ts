import { failureOf } from '../../domain/common/failure.js';
import { HttpError } from '../../http/error.js';

/**
 * Reads that fail although the server answers others, such as the difference to a huge commit that a proxy gives up on:
 * they are not repeated for a minute, then two, up to an hour. Each may take the server's longest time, and everything that
 * concerns the commit would wait for it again and again.
 */
export interface FailingReads {
  /** Reads, or throws at once what this read ended with not long ago. */
  run<T>(key: string, read: () => Promise<T>): Promise<T>;
}

const firstMs = 60_000;
const longestMs = 3_600_000;
const maxKeys = 10_000;

interface Failed {
  readonly error: unknown;
  readonly waitMs: number;
  /** Unix ms. */
  readonly until: number;
}

export function createFailingReads(now: () => number): FailingReads {
  const failed = new Map<string, Failed>();

  function remember(key: string, error: unknown): void {
    const waitMs = Math.min((failed.get(key)?.waitMs ?? firstMs / 2) * 2, longestMs);
    failed.delete(key);
    failed.set(key, { error, waitMs, until: now() + waitMs });
    const [oldest] = failed.keys();
    if (oldest !== undefined && failed.size > maxKeys) failed.delete(oldest);
  }

  return {
    run: async (key, read) => {
      const known = failed.get(key);
      if (known !== undefined && known.until > now()) throw known.error;
      try {
        const found = await read();
        failed.delete(key);
        return found;
      } catch (error) {
        if (error instanceof HttpError && failureOf(error)?.kind === 'transient') remember(key, error);
        throw error;
      }
    },
  };
}
