import { describe, expect, test } from 'vitest';
import { createRedactor, queryString, readBaseUrl, redactUrl, segment } from '../../../src/http/address.js';

describe('a base URL', () => {
  test.each([
    ['http://host:5000', 'http://host:5000'],
    ['http://host:5000/', 'http://host:5000'],
    ['https://host/some/prefix//', 'https://host/some/prefix'],
  ])('%s is used as %s', (given, expected) => {
    expect(readBaseUrl('MLflow', given).baseUrl).toBe(expected);
  });

  test('gives its user and password as basic auth and does not keep them', () => {
    const { baseUrl, auth } = readBaseUrl('MLflow', 'http://me:p%40ss@host/x');
    expect(baseUrl).toBe('http://host/x');
    expect(auth).toEqual({ basic: { username: 'me', password: 'p@ss' } });
  });

  test.each(['', 'host:5000', 'sqlite:///x.db', 'ftp://host', 'http://host/?a=1', 'http://host/#x'])(
    '"%s" is refused with the server in the message',
    (given) => {
      expect(() => readBaseUrl('MLflow', given)).toThrow(/address of MLflow/);
    },
  );
});

test('a segment is encoded, and cannot leave its place', () => {
  expect(segment('a/b c?#ü')).toBe('a%2Fb%20c%3F%23%C3%BC');
  for (const bad of ['', '.', '..']) expect(() => segment(bad)).toThrow(TypeError);
});

test('a query repeats arrays, leaves undefined out and writes a blank as %20', () => {
  expect(queryString({ a: ['x', 'y z'], b: undefined, c: true, d: 0, e: '+&=' })).toBe(
    '?a=x&a=y%20z&c=true&d=0&e=%2B%26%3D',
  );
  expect(queryString({ a: undefined, b: [] })).toBe('');
});

test('a redacted address has no user, password or secret, but keeps what helps', () => {
  const url = redactUrl('https://me:pass@host/p?key=k&api_key=s1&token=s2&X-Amz-Signature=s3&page_token=t');
  expect(url).toBe('https://host/p?key=k&api_key=***&token=***&X-Amz-Signature=***&page_token=t');
});

test('known secrets are taken out of the texts of others', () => {
  const redact = createRedactor(['hunter22', 'hunter22-long', 'ab']);
  expect(redact('got hunter22-long and hunter22 and ab')).toBe('got *** and *** and ab');
});
