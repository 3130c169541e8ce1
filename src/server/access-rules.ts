import { isLoopback } from '../config/loopback.js';
import type { Settings } from '../config/types.js';
import type { AccessRules } from './access.js';

export type AccessSettings = Pick<Settings, 'host' | 'users' | 'trustedProxies' | 'userHeader'>;

export function accessRules({ host, users, trustedProxies, userHeader }: AccessSettings): AccessRules {
  return {
    boundToLoopback: isLoopback(host),
    passwords: users.some((user) => user.hash !== ''),
    proxyLogin: trustedProxies.length > 0 && userHeader !== undefined,
    roles: Object.fromEntries(users.map(({ name, role }) => [name, role])),
  };
}

/** True where pages, API, dashboard and metrics are closed to everybody: others can reach us, and nobody can log in. */
export function isClosedToAll({ boundToLoopback, passwords, proxyLogin }: AccessRules): boolean {
  return !boundToLoopback && !passwords && !proxyLogin;
}
