import { isIPv4 } from 'node:net';
import type { Settings } from '../config/types.js';

/** Who is asking, once we know. */
export interface Viewer {
  readonly name: string;
  readonly role: 'viewer' | 'operator';
  /** How we know: HTTP Basic, the company login in front, that only this machine can reach us, or the local token. */
  readonly by: 'password' | 'proxy' | 'loopback' | 'token';
}

/** What the settings allow; the same for every request. */
export interface AccessRules {
  /** The address that we listen on is a loopback address. */
  readonly boundToLoopback: boolean;
  /** At least one user has a password. */
  readonly passwords: boolean;
  /** A company login in front is configured (TRUSTED_PROXIES and USER_HEADER). */
  readonly proxyLogin: boolean;
  /** Roles by name, for users that the company login names; any other name is a viewer. */
  readonly roles: Readonly<Record<string, Viewer['role']>>;
}

/** What one request shows. */
export interface AccessFacts {
  /** The Host header as it came. */
  readonly host: string | undefined;
  /** A header says that a proxy forwarded this request (Forwarded, X-Forwarded-For and the like). */
  readonly forwarded: boolean;
  /** The peer's address is one of TRUSTED_PROXIES. */
  readonly fromTrustedProxy: boolean;
  /** The values of USER_HEADER; more than one means that the proxy adds to what a client sent. */
  readonly proxyUsers: readonly string[];
  /** The user whose password was right, `wrong`, or undefined where no password came. */
  readonly password: { readonly name: string; readonly role: Viewer['role'] } | 'wrong' | undefined;
}

export type Access =
  | { readonly allowed: true; readonly viewer: Viewer }
  | { readonly allowed: false; readonly status: 401 | 403; readonly detail: string };

/** Decides who may see pages, API, dashboard and metrics. Nobody may by default. */
export function decideAccess(rules: AccessRules, facts: AccessFacts): Access {
  if (rules.proxyLogin && facts.fromTrustedProxy) {
    const decided = fromProxy(rules, facts.proxyUsers);
    if (decided !== undefined) return decided;
  }
  if (rules.passwords) {
    return typeof facts.password === 'object'
      ? { allowed: true, viewer: { ...facts.password, by: 'password' } }
      : {
          allowed: false,
          status: 401,
          detail: facts.password === 'wrong' ? 'Wrong name or password.' : 'Log in.',
        };
  }
  if (rules.proxyLogin) {
    return refuse(
      facts.fromTrustedProxy
        ? 'The proxy named no user: check that it sends the header set in LAKEFS_MLFLOW_USER_HEADER.'
        : 'Use the company login: your address is not in LAKEFS_MLFLOW_TRUSTED_PROXIES.',
    );
  }
  return onlyThisMachine(rules, facts);
}

function fromProxy(rules: AccessRules, users: readonly string[]): Access | undefined {
  if (users.length > 1) {
    return refuse(
      'The user header was sent more than once: the proxy must replace what clients send, not add to it.',
    );
  }
  const name = users[0]?.trim() ?? '';
  if (name === '') return undefined;
  const role = Object.hasOwn(rules.roles, name) ? rules.roles[name] : undefined;
  return { allowed: true, viewer: { name, role: role ?? 'viewer', by: 'proxy' } };
}

/**
 * With no login configured only a browser on this machine is let in. The Host header is checked as well, because
 * a page anywhere can point its own name at 127.0.0.1 and read us through the visitor's browser (DNS rebinding).
 */
function onlyThisMachine(rules: AccessRules, facts: AccessFacts): Access {
  const loopback = rules.boundToLoopback && isLoopbackName(facts.host) && !facts.forwarded;
  if (loopback) return { allowed: true, viewer: { name: 'local', role: 'operator', by: 'loopback' } };
  return refuse(`${whyNotLocal(rules, facts)} ${howToOpen}`);
}

const howToOpen =
  'Set LAKEFS_MLFLOW_USERS ("lakefs-mlflow hash-password" prints a password hash), or LAKEFS_MLFLOW_TRUSTED_PROXIES ' +
  'and LAKEFS_MLFLOW_USER_HEADER for a company login in front.';

function whyNotLocal({ boundToLoopback }: AccessRules, { forwarded }: AccessFacts): string {
  if (!boundToLoopback) {
    return (
      'No login is configured, and this service listens on an address that other machines can reach, so pages, API, ' +
      'dashboard and metrics are closed, on this machine too. To use them on this machine only, set ' +
      'LAKEFS_MLFLOW_HOST=127.0.0.1. To open them to others, configure a login.'
    );
  }
  return forwarded
    ? 'No login is configured, so this is shown only to browsers on the same machine, but a proxy forwarded this request.'
    : 'No login is configured, so this is shown only at http://127.0.0.1 or http://localhost, but this request was for another host name.';
}

function refuse(detail: string): Access {
  return { allowed: false, status: 403, detail };
}

/** True for a Host header that can only mean this machine. */
export function isLoopbackName(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || isLoopback4(name);
}

function isLoopback4(name: string): boolean {
  const parts = name.split('.');
  return parts.length === 4 && parts[0] === '127' && parts.every((part) => /^\d{1,3}$/.test(part));
}

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

/** Whether a listening address can be reached from this machine only. A name other than localhost counts as not. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const mapped = bare.startsWith('::ffff:') ? bare.slice('::ffff:'.length) : bare;
  return bare === 'localhost' || bare === '::1' || (isIPv4(mapped) && mapped.startsWith('127.'));
}
