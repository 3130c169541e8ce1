import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import { headerValues } from '../../hooks/request.js';
import type { Log } from '../telemetry/log.js';
import {
  type Access,
  type AccessFacts,
  type AccessSettings,
  accessRules,
  decideAccess,
  isClosedToAll,
  type Viewer,
} from './access.js';
import { createBasicLogin, type TryLater } from './basic-login.js';
import { type AddressOf, senderOf } from './client-address.js';
import { createLoginLog } from './login-log.js';
import { sendProblem } from './problem.js';

/** Who makes this request; undefined before the login has let it through. */
export type ViewerOf = (request: IncomingMessage) => Viewer | undefined;

export interface Login {
  /** Lets a request through, or answers 401, 403 or 429 itself. */
  readonly handler: RequestHandler;
  readonly viewerOf: ViewerOf;
}

export interface LoginDependencies {
  readonly settings: AccessSettings;
  readonly isTrusted: (peer: string | undefined) => boolean;
  readonly addressOf: AddressOf;
  /** ms, from any start */
  readonly now: () => number;
  /** A command on this machine, by its token; it opens the API and nothing else. */
  readonly localViewer: ViewerOf;
  readonly log: Log;
}

const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

export function createLogin(deps: LoginDependencies): Login {
  const { settings, isTrusted, addressOf, now, localViewer, log } = deps;
  const viewers = new WeakMap<IncomingMessage, Viewer>();
  const rules = accessRules(settings);
  const basic = createBasicLogin(settings.users, now);
  const tell = createLoginLog(log, now);
  if (isClosedToAll(rules)) {
    log.warn(
      { host: settings.host },
      'pages, API, dashboard and metrics are closed: others can reach this address and no login is configured; set LAKEFS_MLFLOW_USERS, or listen on 127.0.0.1',
    );
  }

  function factsOf(request: IncomingMessage): AccessFacts {
    return {
      host: request.headers.host,
      forwarded: forwardingHeaders.some((name) => request.headers[name] !== undefined),
      fromTrustedProxy: isTrusted(request.socket.remoteAddress),
      proxyUsers:
        settings.userHeader === undefined ? [] : headerValues(request, settings.userHeader.toLowerCase()),
      password: undefined,
    };
  }

  /** A password is checked only where it is needed: a company login in front may leave one in the header. */
  async function decide(request: IncomingMessage): Promise<Access | TryLater> {
    const facts = factsOf(request);
    const access = decideAccess(rules, facts);
    const [header, second] = headerValues(request, 'authorization');
    if (access.allowed || access.status !== 401 || header === undefined) return access;
    if (second !== undefined) return { ...access, detail: 'There is more than one Authorization header.' };
    const address = addressOf(request);
    const password = await basic(header, senderOf(address));
    const shared = facts.forwarded && !facts.fromTrustedProxy;
    if (typeof password === 'object' && 'laterSeconds' in password) {
      if (password.because === 'sender') tell('logins limited', { header, address, shared });
      return password;
    }
    if (password === 'wrong') tell('login failed', { header, address, shared });
    return decideAccess(rules, { ...facts, password });
  }

  return {
    viewerOf: (request) => viewers.get(request),
    handler: async (request, response, next) => {
      const local = request.path.startsWith('/api/') ? localViewer(request) : undefined;
      const access: Access | TryLater =
        local === undefined ? await decide(request) : { allowed: true, viewer: local };
      if ('laterSeconds' in access) {
        sendLater(response, access);
      } else if (access.allowed) {
        viewers.set(request, access.viewer);
        next();
      } else {
        if (access.status === 401) {
          response.set('WWW-Authenticate', 'Basic realm="lakefs-mlflow", charset="UTF-8"');
        }
        sendProblem(response, access.status, access.detail);
      }
    },
  };
}

function sendLater(response: Response, { laterSeconds, because }: TryLater): void {
  response.set('Retry-After', String(laterSeconds));
  sendProblem(
    response,
    429,
    because === 'sender'
      ? `Too many wrong logins from this address: try again in ${laterSeconds} s.`
      : 'Too many logins are being checked at this moment: try again in a second.',
  );
}
