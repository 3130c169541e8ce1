import { isPasswordHash } from './password.js';
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
