import { createHash } from 'node:crypto';
import type { User } from '../config/types.js';
import { verifyPassword } from './password.js';

export type BasicResult = { readonly name: string; readonly role: User['role'] } | 'wrong' | 'busy';

/** Checks an Authorization header against the users. */
export type BasicLogin = (header: string) => Promise<BasicResult>;

/** A right password is remembered this long, so that a dashboard that polls does not pay for scrypt each time. */
const rememberMs = 5 * 60_000;
const rememberAtMost = 200;
/** Each check takes 32 MiB and a thread of the pool that file reads need as well. */
const checksAtOnce = 16;

/** @param now Unix ms */
export function createBasicLogin(users: readonly User[], now: () => number): BasicLogin {
  // Keyed by a digest, so that a dump of memory shows no passwords of this cache.
  const known = new Map<string, { readonly user: User; readonly until: number }>();
  let running = 0;
  const withPassword = users.filter((user) => user.hash !== '');

  return async function login(header) {
    const key = createHash('sha256').update(header).digest('base64');
    const entry = known.get(key);
    if (entry !== undefined && entry.until > now()) return identity(entry.user);
    known.delete(key);
    const given = parseBasic(header);
    if (given === undefined) return 'wrong';
    if (running >= checksAtOnce) return 'busy';
    running += 1;
    try {
      const user = withPassword.find(({ name }) => name === given.name);
      // An unknown name costs as much as a known one, so that the time of the answer does not tell names.
      const right = await verifyPassword(given.password, (user ?? withPassword[0])?.hash ?? '');
      if (user === undefined || !right) return 'wrong';
      remember(key, user);
      return identity(user);
    } finally {
      running -= 1;
    }
  };

  function remember(key: string, user: User): void {
    for (const [old, { until }] of known) if (until <= now()) known.delete(old);
    const oldest = known.keys().next();
    if (known.size >= rememberAtMost && !oldest.done) known.delete(oldest.value);
    known.set(key, { user, until: now() + rememberMs });
  }
}

function identity({ name, role }: User): { name: string; role: User['role'] } {
  return { name, role };
}

function parseBasic(header: string): { name: string; password: string } | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]{1,2000})$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
