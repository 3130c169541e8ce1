import { expect, test } from 'vitest';
import { crossSiteProblem, type OriginFacts } from '../../../src/server/same-origin.js';

const retry: OriginFacts = {
  method: 'PUT',
  secFetchSite: undefined,
  origin: undefined,
  host: 'bridge.example:8321',
  contentType: undefined,
  hasBody: false,
};
const json = { contentType: 'application/json; charset=utf-8', hasBody: true };
const sameSite = { secFetchSite: 'same-origin' };

const table: [string, Partial<OriginFacts>, boolean][] = [
  ['reading is always allowed', { method: 'GET', secFetchSite: 'cross-site' }, true],
  ['our page, by Sec-Fetch-Site', sameSite, true],
  ['our page on plain http, by Origin', { origin: 'http://bridge.example:8321' }, true],
  [
    'our page behind a proxy that changes the Host',
    { origin: 'https://public.example', host: 'inner:1' },
    true,
  ],
  ['our page with JSON', { ...sameSite, ...json, method: 'POST' }, true],
  ['another site', { secFetchSite: 'cross-site' }, false],
  ['another host of our domain', { secFetchSite: 'same-site' }, false],
  [
    'Sec-Fetch-Site says no, whatever the Origin',
    { secFetchSite: 'cross-site', origin: 'https://public.example' },
    false,
  ],
  ['another Origin', { origin: 'https://evil.example' }, false],
  ['another port of our host', { origin: 'http://bridge.example:9999' }, false],
  ['the Origin of a sandboxed page', { origin: 'null' }, false],
  ['neither header', {}, false],
  [
    'a form',
    { ...sameSite, method: 'POST', contentType: 'application/x-www-form-urlencoded', hasBody: true },
    false,
  ],
  ['text/plain', { ...sameSite, method: 'POST', contentType: 'text/plain', hasBody: true }, false],
  ['a POST without a body', { ...sameSite, method: 'POST' }, false],
  ['a PUT with a body that is no JSON', { ...sameSite, contentType: 'text/plain', hasBody: true }, false],
  ['DELETE from elsewhere', { method: 'DELETE', secFetchSite: 'cross-site' }, false],
];

test.each(table)('%s', (_title, facts, allowed) => {
  expect(crossSiteProblem({ ...retry, ...facts }, 'https://public.example/bridge') === undefined).toBe(
    allowed,
  );
});

test('a program that sends no Origin is told which one to send, and is let in with it', () => {
  const call = { ...retry, ...json, method: 'POST' };
  expect(crossSiteProblem(call, 'https://public.example/bridge')).toBe(
    'Refused: the request does not say where it comes from. Programs must send the header "Origin: https://public.example".',
  );
  expect(
    crossSiteProblem({ ...call, origin: 'https://public.example' }, 'https://public.example/bridge'),
  ).toBeUndefined();
});
