import { certificateReason } from './certificate-reasons.js';

/** What PostgreSQL's errors mean for a queue, by SQLSTATE (docs: appendix A) or else by their text. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /^28000 .*no encryption/,
    'it accepts encrypted connections only: append ?sslmode=verify-full (or no-verify) to QUEUE_URL',
  ],
  [/^28/, 'it refuses the login: check the user and the password in QUEUE_URL'],
  [/^3D000/, 'the database in QUEUE_URL does not exist: create it'],
  [
    /^42501 permission denied for database/,
    'its tables do not exist yet, and the user may not create them: GRANT CREATE ON DATABASE … TO the user, at least once',
  ],
  [
    /^42501/,
    'the user lacks rights in the schema bullmq: make it the owner of that schema and everything in it, or grant it all rights there',
  ],
  [/^25006/, 'it is read-only: give the address of the primary, or set default_transaction_read_only to off'],
  [
    /^(08P01|0A000|42704) .*(startup parameter|search_path)|^(42883|42P01|3F000)/,
    'it cannot find the tables of the queue: give the address of PostgreSQL itself instead of a pooler that shares ' +
      'sessions (transaction mode), or drop the schema bullmq, so that it is created again',
  ],
  [/^(53100|58030)|No space left|ENOSPC/, 'its disk is full: free some space'],
  [/^53300/, 'it has no connection left: raise max_connections, or let others use fewer'],
  [/^57P0/, 'it is starting or stopping'],
  [/^ENOTFOUND|^EAI_AGAIN/, 'its name cannot be resolved'],
  [
    /^(ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)|timeout exceeded|connection timeout/,
    'cannot be reached',
  ],
  [/does not support SSL/, 'it has no TLS: leave sslmode out of QUEUE_URL'],
];

/** What an error of PostgreSQL or of the connection to it means, with PostgreSQL's own words behind, in brackets. */
export function explainPostgres(error: unknown): string {
  const { code, words } = partsOf(error);
  const known =
    certificateReason(code) ?? reasons.find(([pattern]) => pattern.test(`${code} ${words}`.trim()))?.[1];
  return known === undefined ? words : `${known} (${words})`;
}

/** True where tables or functions of the queue are not there: somebody dropped the schema. */
export function isMissingSchema(error: unknown): boolean {
  return ['42P01', '42883', '3F000'].includes(partsOf(error).code);
}

/** True where the session is read-only: of a server that was demoted, or that was set so. */
export function isReadOnly(error: unknown): boolean {
  return partsOf(error).code === '25006';
}

/** Node leaves the message empty where each of several addresses of a name has failed. */
function partsOf(error: unknown): { readonly code: string; readonly words: string } {
  if (!(error instanceof Error)) return { code: '', words: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, words: error.message || code || error.name };
}
