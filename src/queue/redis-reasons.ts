import { certificateReason } from './certificate-reasons.js';

/** Redis's error codes and what they mean for a queue; the first that fits. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /\bOOM\b/,
    'its memory is full: raise maxmemory or free some of it, and keep maxmemory-policy at noeviction',
  ],
  [/\bREADONLY\b/, 'it is a read-only replica: give the address of the primary'],
  [
    /\b(MOVED|ASK|CROSSSLOT)\b/,
    'it is a node of a Redis Cluster, which the queue cannot use: give the address of a Redis that is not a cluster',
  ],
  [/\bCLUSTERDOWN\b/, 'its cluster is down'],
  [
    /unknown command/i,
    'it does not know a command that the queue needs: if this is the address of a Sentinel, give that of the primary',
  ],
  [
    /\b(NOAUTH|WRONGPASS)\b|invalid password/,
    'it refuses the login: check the user and the password in QUEUE_URL or REDIS_URL',
  ],
  [
    /\bNOPERM\b/,
    'its user lacks a right that the queue needs: allow all commands, and all keys that begin with {lakefs-mlflow}:',
  ],
  [
    /\b(NOREPLICAS|MISCONF)\b/,
    'it accepts no writes at the moment: its own log says why (replicas missing, or a snapshot that failed)',
  ],
  [/\b(LOADING|BUSY)\b/, 'it is busy or still loading its data'],
  [/\bENOTFOUND\b|\bEAI_AGAIN\b/, 'its name cannot be resolved'],
  [/\bECONNREFUSED\b|\bETIMEDOUT\b|\bEHOSTUNREACH\b|\bENETUNREACH\b/, 'cannot be reached'],
];

/**
 * What an error of Redis or of the connection to it means, with Redis's own words behind, in brackets.
 * @param secure whether its address begins with `rediss:`
 */
export function explainRedis(error: unknown, secure: boolean): string {
  const own = wordsOf(error);
  if (isDatabaseRefusal(error)) return `it does not have the database in QUEUE_URL or REDIS_URL (${own})`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known =
    (secure ? certificateReason(code) : undefined) ??
    schemeReason(code, own, secure) ??
    reasons.find(([pattern]) => pattern.test(own))?.[1];
  if (known === undefined) return own;
  // OpenSSL's own words are a line of its source.
  return `${known} (${isHandshakeError(code) ? code : own})`;
}

function isHandshakeError(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_SSL_');
}

/** What hints at TLS spoken to a port that does not, or the other way round. */
function schemeReason(code: string, own: string, secure: boolean): string | undefined {
  if (!secure) {
    if (!/\bECONNRESET\b/.test(own)) return undefined;
    return 'it closed the connection: if this port expects TLS, write rediss:// in QUEUE_URL or REDIS_URL';
  }
  const plain = 'write redis:// in QUEUE_URL or REDIS_URL';
  if (isHandshakeError(code)) return `it does not speak TLS on this port: ${plain}`;
  // Redis without TLS takes a handshake for an unfinished command, and waits for the rest of it.
  if (!/\bETIMEDOUT\b/.test(own)) return undefined;
  return `cannot be reached, or does not speak TLS on this port: in that case ${plain}`;
}

/** True for the answer to the SELECT that ioredis sends when it connects. */
export function isDatabaseRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('command' in error)) return false;
  const { command } = error;
  return typeof command === 'object' && command !== null && 'name' in command && command.name === 'select';
}

/** True for an error that says no more than that the connection has ended, for a reason that was reported before. */
export function isAftermath(error: unknown): boolean {
  return /^(Stream isn't writeable|Connection is closed)/.test(wordsOf(error));
}

/** True where the server on the other end is no primary (any more). */
export function isDemotion(error: unknown): boolean {
  return /\bREADONLY\b/.test(wordsOf(error));
}

/** Node leaves the message empty where each of several addresses of a name has failed. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join(', ');
  return error.message || ('code' in error ? String(error.code) : error.name);
}
