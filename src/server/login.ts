import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { isLoopback } from '../config/loopback.js';
import type { Settings } from '../config/types.js';
import { type AccessFacts, type AccessRules, decideAccess, type Viewer } from './access.js';
import { type BasicLogin, createBasicLogin } from './basic-login.js';
import { sendProblem } from './problem.js';
import { createProxyCheck } from './trusted-proxies.js';

/** Who makes this request; undefined before the login has let it through. */
export type ViewerOf = (request: IncomingMessage) => Viewer | undefined;

export interface Login {
  /** Lets a request through, or answers 401, 403 or 429 itself. */
  readonly handler: RequestHandler;
  readonly viewerOf: ViewerOf;
}

type LoginSettings = Pick<Settings, 'host' | 'users' | 'trustedProxies' | 'userHeader'>;

const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/**
 * @param now Unix ms
 * @param localViewer a command on this machine, by its token; it opens the API and nothing else
 * @throws RangeError where an entry of `trustedProxies` is no address
 */
export function createLogin(
  settings: LoginSettings,
  now: () => number,
  localViewer: ViewerOf = () => undefined,
): Login {
  const viewers = new WeakMap<IncomingMessage, Viewer>();
  const rules = accessRules(settings);
  const basic = createBasicLogin(settings.users, now);
  const isTrusted = createProxyCheck(settings.trustedProxies);

  return {
    viewerOf: (request) => viewers.get(request),
    handler: async (request, response, next) => {
      const local = request.path.startsWith('/api/') ? localViewer(request) : undefined;
      if (local !== undefined) {
        viewers.set(request, local);
        next();
        return;
      }
      const password = await checkPassword(request, rules, basic);
      if (password === 'busy') {
        response.set('Retry-After', '1');
        sendProblem(
          response,
          429,
          'Too many logins are being checked at this moment: try again in a second.',
        );
        return;
      }
      const access = decideAccess(rules, {
        host: request.headers.host,
        forwarded: forwardingHeaders.some((name) => request.headers[name] !== undefined),
        fromTrustedProxy: isTrusted(request.socket.remoteAddress),
        proxyUsers: settings.userHeader === undefined ? [] : headerValues(request, settings.userHeader),
        password,
      });
      if (access.allowed) {
        viewers.set(request, access.viewer);
        next();
        return;
      }
      if (access.status === 401) {
        response.set('WWW-Authenticate', 'Basic realm="lakefs-mlflow", charset="UTF-8"');
      }
      sendProblem(response, access.status, access.detail);
    },
  };
}

function accessRules({ host, users, trustedProxies, userHeader }: LoginSettings): AccessRules {
  return {
    boundToLoopback: isLoopback(host),
    passwords: users.some((user) => user.hash !== ''),
    proxyLogin: trustedProxies.length > 0 && userHeader !== undefined,
    roles: Object.fromEntries(users.map(({ name, role }) => [name, role])),
  };
}

async function checkPassword(
  request: IncomingMessage,
  rules: AccessRules,
  basic: BasicLogin,
): Promise<AccessFacts['password'] | 'busy'> {
  const header = request.headers.authorization;
  return rules.passwords && header !== undefined ? basic(header) : undefined;
}

/** Every value, also where Node would join or drop repeated ones. */
function headerValues(request: IncomingMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  const { rawHeaders } = request;
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === wanted);
}
