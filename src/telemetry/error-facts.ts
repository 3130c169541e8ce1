import { shorten } from '../domain/common/text.js';

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
export function errorFacts(error: unknown, depth = 3): ErrorFacts {
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
