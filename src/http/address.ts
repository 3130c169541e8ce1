import { withoutEndSlashes } from '../domain/paths/path.js';
import type { HttpAuth, QueryValue } from './types.js';

/** A server's address taken apart. */
export interface Address {
  /** Without a closing slash, user, password, query. */
  readonly baseUrl: string;
  readonly secure: boolean;
  /** From a user and password in the address. */
  readonly auth?: HttpAuth;
}

/** Reads a base URL. Throws a TypeError that says what is wrong with it. */
export function readBaseUrl(name: string, given: string): Address {
  const problem = `the address of ${name} must be like "http://host:port" or "https://host/path"`;
  if (!URL.canParse(given)) throw new TypeError(`${problem}: "${given}" is not an address`);
  const url = new URL(given);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`${problem}: "${url.protocol}//" cannot be used here`);
  }
  if (url.search !== '' || url.hash !== '') throw new TypeError(`${problem}, without "?" and "#"`);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const address = { baseUrl: withoutEndSlashes(url.toString()), secure: url.protocol === 'https:' };
  if (username === '') return address;
  return {
    ...address,
    auth: { basic: { username: decodeURIComponent(username), password: decodeURIComponent(password) } },
  };
}

/**
 * Encodes one path segment. Throws a TypeError for an empty one and for `.` and `..`, which addresses cannot
 * carry: they are resolved before the request is sent, even when percent-encoded.
 */
export function segment(value: string): string {
  if (value === '' || value === '.' || value === '..') {
    throw new TypeError(`"${value}" cannot be part of an address`);
  }
  return encodeURIComponent(value);
}

/** The query with its question mark, or nothing. A blank is %20, which every server reads alike. */
export function queryString(query: Readonly<Record<string, QueryValue>> = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(key, String(one));
  }
  const text = params.toString().replaceAll('+', '%20');
  return text === '' ? '' : `?${text}`;
}

const secretName = /secret|passw|credential|signature|api_?key|access_?key|^token$|auth/i;

/** The address without user and password, and with secret query values blanked. */
export function redactUrl(address: string): string {
  if (!URL.canParse(address)) return '(not an address)';
  const url = new URL(address);
  url.username = '';
  url.password = '';
  for (const name of new Set(url.searchParams.keys())) {
    if (secretName.test(name)) url.searchParams.set(name, '***');
  }
  return url.toString();
}

/** Takes the given secrets out of a text that someone else wrote, such as a proxy that echoes our headers. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  // A secret of a letter or two would blank ordinary words.
  const known = secrets.filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
