import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { User } from './types.js';

/** Reads `name:role[:hash]` entries. Entries are named by their number: they hold hashes. */
export function parseUsers(
  entries: readonly string[],
  byHeader: boolean,
): { readonly users: readonly User[]; readonly problems: readonly string[] } {
  const users: User[] = [];
  const problems: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const [name = '', role, hash = '', ...rest] = entry.split(':').map((part) => part.trim());
    const say = (problem: string): unknown => problems.push(`entry ${index + 1} ${problem}`);
    if (name === '' || (role !== 'viewer' && role !== 'operator') || rest.length > 0) {
      say('must be name:viewer:<hash> or name:operator:<hash>');
    } else if (users.some((user) => user.name === name)) {
      say('names the same user as an earlier entry');
    } else if (hash === '' && !byHeader) {
      say(
        'has no password hash, which is needed without LAKEFS_MLFLOW_USER_HEADER: make one with lakefs-mlflow hash-password',
      );
    } else if (hash !== '' && !isPasswordHash(hash)) {
      say('has an invalid password hash: make one with lakefs-mlflow hash-password');
    } else {
      users.push({ name, role, hash });
    }
  }
  return { users, problems };
}

/**
 * `scrypt.<N>.<r>.<p>.<salt>.<key>`, salt and key in base64url. Dots, because a hash stands in lists that use
 * `:` and `,`, and in shells and compose files that expand `$`.
 */
const shape = /^scrypt\.(\d{1,6})\.(\d{1,2})\.(\d{1,2})\.([\w-]{16,128})\.([\w-]{32,128})$/;

/** One of the settings that OWASP's password storage cheat sheet calls equal: 32 MiB, a quarter of a second. */
const cost = { N: 2 ** 15, r: 8, p: 3 };

/** Makes the hash that USERS takes. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, 32, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('.');
}

/** True where this is a hash that `hashPassword` could have made. */
export function isPasswordHash(hash: string): boolean {
  return parse(hash) !== undefined;
}

/** True if the password matches the hash; false also for an invalid hash. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const parsed = parse(hash);
  if (parsed === undefined) return false;
  const key = await derive(password, parsed.salt, parsed.key.length, parsed.cost);
  return timingSafeEqual(key, parsed.key);
}

interface ParsedHash {
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: Buffer;
  readonly key: Buffer;
}

function parse(hash: string): ParsedHash | undefined {
  const [, N, r, p, salt, key] = shape.exec(hash) ?? [];
  if (N === undefined || r === undefined || p === undefined || salt === undefined || key === undefined) {
    return undefined;
  }
  const parsed = { N: Number(N), r: Number(r), p: Number(p) };
  // scrypt wants a power of two; the upper bounds keep a mistyped hash from eating the machine.
  const sane =
    Number.isInteger(Math.log2(parsed.N)) &&
    parsed.N >= 2 ** 14 &&
    parsed.N <= 2 ** 17 &&
    parsed.r >= 1 &&
    parsed.r <= 16 &&
    parsed.p >= 1 &&
    parsed.p <= 8;
  if (!sane) return undefined;
  return { cost: parsed, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') };
}

function derive(
  password: string,
  salt: Buffer,
  length: number,
  { N, r, p }: ParsedHash['cost'],
): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r * 2 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
