import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Refusal, refusals } from './answers.js';
import { headerValues } from './request.js';

interface TokenOwner {
  readonly name: string;
  readonly hookTokens: readonly string[];
}

/** The installation that a request may speak for, or why it may not. */
export type Authenticated<I> =
  | { readonly installation: I; readonly refusal?: undefined }
  | { readonly installation?: undefined; readonly refusal: Refusal };

/**
 * Returns the check of a request's token. A token belongs to one installation, so that it decides whose event
 * this is where the address names none. An installation without tokens (allowed on loopback only, see
 * `assertSafeToListen`) takes any event that names it, or that names none where it is the only such.
 */
export function createAuthentication<I extends TokenOwner>(
  installations: readonly I[],
): (request: IncomingMessage, named: string | undefined) => Authenticated<I> {
  const keys = installations.flatMap((installation) =>
    installation.hookTokens.map((token) => ({ installation, digest: digestOf(token) })),
  );
  const open = installations.filter((installation) => installation.hookTokens.length === 0);
  const [firstOpen, ...otherOpen] = open;

  /** Compares with every token, whether or not one has matched: the time taken tells nothing. */
  function ownerOf(token: string): I | undefined {
    const digest = digestOf(token);
    let owner: I | undefined;
    for (const key of keys) if (timingSafeEqual(key.digest, digest)) owner = key.installation;
    return owner;
  }

  return function authenticate(request, named) {
    const [authorization, second] = headerValues(request, 'authorization');
    if (second !== undefined) return { refusal: refusals.doubledToken };
    const token = bearerOf(authorization);
    const owner = token === undefined ? undefined : ownerOf(token);
    if (owner) {
      if (named === undefined || named === owner.name) return { installation: owner };
      const exists = installations.some(({ name }) => name === named);
      return { refusal: exists ? refusals.wrongToken : refusals.unknownInstallation };
    }
    const openOne = named === undefined ? firstOpen : open.find(({ name }) => name === named);
    if (openOne && named === undefined && otherOpen.length > 0) {
      return { refusal: refusals.ambiguousInstallation };
    }
    if (openOne) return { installation: openOne };
    if (keys.length === 0) return { refusal: refusals.unknownInstallation };
    return { refusal: token === undefined ? refusals.noToken : refusals.wrongToken };
  };
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

/** Digests have one length, which `timingSafeEqual` needs and which hides the length of the tokens. */
function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
