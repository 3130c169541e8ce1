import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../server/access.js';

/** What lets a command on this machine in: whoever can read our DATA_DIR is an operator. */
export interface LocalToken {
  /** New with each start. */
  readonly text: string;
  /** Undefined where the request does not bear it. */
  viewerOf(request: IncomingMessage): Viewer | undefined;
}

export function createLocalToken(): LocalToken {
  const text = randomBytes(32).toString('base64url');
  const expected = digest(text);
  return {
    text,
    viewerOf: ({ headers: { authorization } }) => {
      const [, given] = /^bearer +([\w-]{1,200})$/i.exec(authorization ?? '') ?? [];
      // Of equal length, so that the time of the answer tells nothing.
      if (given === undefined || !timingSafeEqual(digest(given), expected)) return undefined;
      return { name: 'local command', role: 'operator', by: 'token' };
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
