import { createHash } from 'node:crypto';
import type { User } from '../config/types.js';
import { verifyPassword } from '../config/users.js';
import { createSemaphore } from '../http/semaphore.js';

export type BasicResult = Right | 'wrong' | TryLater;

interface Right {
  readonly name: string;
  readonly role: User['role'];
}

/** The password was not checked. */
export interface TryLater {
  readonly laterSeconds: number;
  /** `sender`: too many wrong ones came from there. `busy`: too many are being checked, of all senders together. */
  readonly because: 'sender' | 'busy';
}

/** Checks an Authorization header against the users. `sender` is what tries are counted by. */
export type BasicLogin = (header: string, sender: string) => Promise<BasicResult>;

/**
 * An answer is remembered this long, so that a dashboard that polls does not pay for scrypt each time, and one that was
 * left open with an old password does not use up the tries of its address.
 */
const rememberMs = 5 * 60_000;
const rememberAtMost = 1_000;
/** Each check takes 32 MiB and occupies, for a quarter of a second, one of four threads that file reads and DNS need too. */
const checksAtOnce = 2;
const waitingAtMost = 50;

/** @param now ms, from any start */
export function createBasicLogin(users: readonly User[], now: () => number): BasicLogin {
  const withPassword = users.filter((user) => user.hash !== '');
  // Keyed by a digest, so that a dump of memory shows no passwords of this cache.
  const known = new Map<string, { readonly result: Right | 'wrong'; readonly until: number }>();
  /** A page asks for many things at once: one check is enough for all. */
  const underWay = new Map<string, Promise<Right | 'wrong'>>();
  const limit = createLoginLimit(now);
  const room = createSemaphore(checksAtOnce);
  const checksOf = new Map<string, number>();

  return async function login(header, sender) {
    const key = createHash('sha256').update(header).digest('base64');
    const entry = known.get(key);
    if (entry !== undefined && entry.until > now()) return entry.result;
    known.delete(key);
    const given = parseBasic(header);
    if (given === undefined) return 'wrong';
    const same = underWay.get(key);
    if (same !== undefined) return same;
    if (underWay.size >= waitingAtMost) return { laterSeconds: 1, because: 'busy' };
    const waitMs = limit.take(sender);
    if (waitMs > 0) return { laterSeconds: Math.ceil(waitMs / 1_000), because: 'sender' };
    const check = checkInTurn(given, sender);
    underWay.set(key, check);
    try {
      const result = await check;
      if (result !== 'wrong') limit.giveBack(sender);
      remember(key, result);
      return result;
    } finally {
      underWay.delete(key);
    }
  };

  /** Senders of whom nothing is being checked go first, so that nobody waits for another's guesses. */
  async function checkInTurn(given: Given, sender: string): Promise<Right | 'wrong'> {
    const others = checksOf.get(sender) ?? 0;
    checksOf.set(sender, others + 1);
    try {
      return await room.run(() => check(given), { urgent: others === 0 });
    } finally {
      const left = (checksOf.get(sender) ?? 1) - 1;
      if (left > 0) checksOf.set(sender, left);
      else checksOf.delete(sender);
    }
  }

  async function check({ name, password }: Given): Promise<Right | 'wrong'> {
    const user = withPassword.find((one) => one.name === name);
    // An unknown name costs as much as a known one, so that the time of the answer does not tell names.
    const right = await verifyPassword(password, (user ?? withPassword[0])?.hash ?? '');
    return user === undefined || !right ? 'wrong' : { name: user.name, role: user.role };
  }

  function remember(key: string, result: Right | 'wrong'): void {
    const oldest = known.keys().next();
    if (known.size >= rememberAtMost && !oldest.done) known.delete(oldest.value);
    known.set(key, { result, until: now() + rememberMs });
  }
}

/** The name in an Authorization header, for the log; undefined where it is no login by password. */
export function nameIn(header: string): string | undefined {
  return parseBasic(header)?.name;
}

interface Given {
  readonly name: string;
  readonly password: string;
}

function parseBasic(header: string): Given | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]{1,2000})$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Each try uses up this much time, in ms. A sender may be ten tries ahead of the clock. */
const triedMs = 6_000;
const aheadMs = 10 * triedMs;
/** So many senders are remembered; beyond that, those who tried longest ago are forgotten. */
const sendersAtMost = 10_000;

/** Limits password tries for each sender separately, so that someone who guesses locks out nobody else. */
export interface LoginLimit {
  /** Uses one try. Returns 0, or the ms until the next one is free. */
  take(sender: string): number;
  /** Gives a try back: the password was right. */
  giveBack(sender: string): void;
}

/** @param now ms, from any start */
export function createLoginLimit(now: () => number): LoginLimit {
  /** Up to when each sender has used up the time. In order of insertion: the first tried longest ago. */
  const paidUntil = new Map<string, number>();

  function paid(sender: string): number {
    return Math.max(now(), paidUntil.get(sender) ?? 0);
  }

  function set(sender: string, until: number): void {
    paidUntil.delete(sender);
    if (until <= now()) return;
    const oldest = paidUntil.keys().next();
    if (paidUntil.size >= sendersAtMost && !oldest.done) paidUntil.delete(oldest.value);
    paidUntil.set(sender, until);
  }

  return {
    take(sender) {
      const until = paid(sender) + triedMs;
      const waitMs = until - now() - aheadMs;
      if (waitMs > 0) return waitMs;
      set(sender, until);
      return 0;
    },
    giveBack: (sender) => set(sender, paid(sender) - triedMs),
  };
}
