import { describe, expect, test } from 'vitest';
import {
  type AccessFacts,
  type AccessRules,
  decideAccess,
  isLoopbackName,
} from '../../../src/server/access.js';

const closed: AccessRules = { boundToLoopback: false, passwords: false, proxyLogin: false, roles: {} };
const local: AccessRules = { ...closed, boundToLoopback: true };
const passwords: AccessRules = { ...local, passwords: true };
const proxy: AccessRules = { ...closed, proxyLogin: true, roles: { ada: 'operator' } };
const both: AccessRules = { ...proxy, passwords: true };

const plain: AccessFacts = {
  host: '127.0.0.1:8321',
  forwarded: false,
  fromTrustedProxy: false,
  proxyUsers: [],
  password: undefined,
};
const bob = { name: 'bob', role: 'viewer' } as const;

const table: [string, AccessRules, Partial<AccessFacts>, string][] = [
  ['no login, on this machine', local, {}, 'local operator'],
  ['no login, localhost by name', local, { host: 'localhost:8321' }, 'local operator'],
  ['no login, IPv6 loopback', local, { host: '[::1]:8321' }, 'local operator'],
  ['no login, a page that points its own name at 127.0.0.1', local, { host: 'evil.example:8321' }, '403'],
  ['no login, no Host at all', local, { host: undefined }, '403'],
  ['no login, through a proxy on this machine', local, { forwarded: true }, '403'],
  ['no login, bound to every address', closed, {}, '403'],
  ['no login, a user header out of nowhere', local, { host: 'x.example', proxyUsers: ['ada'] }, '403'],
  ['passwords, none given', passwords, {}, '401'],
  ['passwords, wrong one', passwords, { password: 'wrong' }, '401'],
  ['passwords, right one, from anywhere', passwords, { password: bob, host: 'x.example' }, 'bob viewer'],
  ['passwords, a user header out of nowhere', passwords, { proxyUsers: ['ada'] }, '401'],
  ['proxy, user with a role', proxy, { fromTrustedProxy: true, proxyUsers: ['ada'] }, 'ada operator'],
  ['proxy, unknown user', proxy, { fromTrustedProxy: true, proxyUsers: ['eve'] }, 'eve viewer'],
  [
    'proxy, a name like a built-in',
    proxy,
    { fromTrustedProxy: true, proxyUsers: ['constructor'] },
    'constructor viewer',
  ],
  ['proxy, header from another address', proxy, { proxyUsers: ['ada'] }, '403'],
  ['proxy, no user', proxy, { fromTrustedProxy: true }, '403'],
  ['proxy, blank user', proxy, { fromTrustedProxy: true, proxyUsers: [' '] }, '403'],
  ['proxy, header twice', proxy, { fromTrustedProxy: true, proxyUsers: ['eve', 'ada'] }, '403'],
  ['proxy, on this machine without it', { ...proxy, boundToLoopback: true }, {}, '403'],
  ['both, password past the proxy', both, { password: bob }, 'bob viewer'],
  ['both, nothing', both, {}, '401'],
  [
    'both, header twice does not fall back',
    both,
    { fromTrustedProxy: true, proxyUsers: ['a', 'b'], password: bob },
    '403',
  ],
];

describe('who may see pages, API, dashboard and metrics', () => {
  test.each(table)('%s', (_title, rules, facts, expected) => {
    const access = decideAccess(rules, { ...plain, ...facts });
    expect(access.allowed ? `${access.viewer.name} ${access.viewer.role}` : String(access.status)).toBe(
      expected,
    );
  });

  test('a refusal says what to set', () => {
    const access = decideAccess(closed, plain);
    expect(access).toMatchObject({ detail: expect.stringContaining('LAKEFS_MLFLOW_USERS') });
  });

  test.each([
    [
      'bound to every address, asked at 127.0.0.1',
      closed,
      {},
      'listens on an address that other machines can reach',
    ],
    ['another host name', local, { host: 'rebound.example' }, 'this request was for another host name'],
    ['a proxy on this machine', local, { forwarded: true }, 'a proxy forwarded this request'],
  ])('a refusal says why: %s', (_title, rules, facts, reason) => {
    expect(decideAccess(rules, { ...plain, ...facts })).toMatchObject({
      detail: expect.stringContaining(reason),
    });
  });

  test('bound to every address, nobody at 127.0.0.1 is advised to use 127.0.0.1', () => {
    const access = decideAccess(closed, plain);
    expect(access).toMatchObject({ detail: expect.not.stringContaining('at 127.0.0.1 or localhost') });
    expect(access).toMatchObject({ detail: expect.stringContaining('LAKEFS_MLFLOW_HOST=127.0.0.1') });
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9:80', true],
  ['LOCALHOST.', true],
  ['app.localhost:1', true],
  ['[::1]', true],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example', false],
  ['0.0.0.0', false],
  ['128.0.0.1', false],
  ['', false],
])('the Host %s is this machine: %s', (host, expected) => {
  expect(isLoopbackName(host)).toBe(expected);
});
