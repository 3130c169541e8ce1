import { randomBytes, scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashPassword, isPasswordHash, verifyPassword } from '../../../src/config/users.js';
import { createBasicLogin } from '../../../src/server/basic-login.js';

const hash = await hashPassword('corr:ect, höörse');

/** As cheap as a hash may be: what follows is about how many are checked, not about what one costs. */
const salt = randomBytes(16);
const key = scryptSync('corr:ect, höörse'.normalize('NFC'), salt, 32, { N: 2 ** 14, r: 1, p: 1 });
const cheap = `scrypt.16384.1.1.${salt.toString('base64url')}.${key.toString('base64url')}`;

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

test('a hash accepts its password and no other', async () => {
  expect(await verifyPassword('corr:ect, höörse', hash)).toBe(true);
  expect(await verifyPassword('corr:ect, horse', hash)).toBe(false);
  expect(await verifyPassword('', hash)).toBe(false);
});

test('two hashes of one password differ', async () => {
  expect(await hashPassword('corr:ect, höörse')).not.toBe(hash);
});

test('a hash holds nothing that USERS, a shell or a compose file takes apart', () => {
  expect(hash).toMatch(/^[\w.-]+$/);
  expect(isPasswordHash(hash)).toBe(true);
});

test.each([
  '',
  'plain',
  'scrypt.1000.8.1.c2FsdHNhbHRzYWx0c2Fs.a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5',
  'scrypt.999999.8.1.c2FsdHNhbHRzYWx0c2Fs.a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5',
  'scrypt.32768.99.9.c2FsdHNhbHRzYWx0c2Fs.a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5',
])('"%s" is no hash and lets nobody in', async (text) => {
  expect(isPasswordHash(text)).toBe(false);
  expect(await verifyPassword(text, text)).toBe(false);
});

const ada = { name: 'ada', role: 'operator' as const };

test('an answer is remembered for five minutes, then a right one is checked again', async () => {
  let now = 0;
  const login = createBasicLogin([{ ...ada, hash }], () => now);
  const header = basic('ada', 'corr:ect, höörse');
  expect(await login(header, '10.0.0.7')).toEqual(ada);
  const started = performance.now();
  for (let i = 0; i < 100; i++) expect(await login(header, '10.0.0.7')).toEqual(ada);
  const hundredRemembered = performance.now() - started;
  now = 5 * 60_000;
  const checked = performance.now();
  expect(await login(header, '10.0.0.7')).toEqual(ada);
  expect(performance.now() - checked).toBeGreaterThan(hundredRemembered);
});

test('one wrong password, tried a hundred times as by a page left open, uses up one try', async () => {
  const login = createBasicLogin([{ ...ada, hash: cheap }], () => 0);
  for (let i = 0; i < 100; i++) expect(await login(basic('ada', 'old'), '10.0.0.7')).toBe('wrong');
  expect(await login(basic('ada', 'corr:ect, höörse'), '10.0.0.7')).toEqual(ada);
});

test.each(['', 'Basic', 'Basic !!!', 'Bearer abc', `Basic ${Buffer.from('no-colon').toString('base64')}`])(
  'the header "%s" is wrong',
  async (header) => {
    const login = createBasicLogin([{ ...ada, hash: cheap }], Date.now);
    expect(await login(header, '10.0.0.7')).toBe('wrong');
  },
);

test('an unknown name and a user without a password are wrong', async () => {
  const login = createBasicLogin(
    [
      { name: 'sso', role: 'operator', hash: '' },
      { ...ada, hash: cheap },
    ],
    Date.now,
  );
  expect(await login(basic('eve', 'corr:ect, höörse'), '10.0.0.7')).toBe('wrong');
  expect(await login(basic('sso', ''), '10.0.0.7')).toBe('wrong');
  expect(await login(basic('sso', 'corr:ect, höörse'), '10.0.0.7')).toBe('wrong');
});

test('of 20 passwords that one address tries at once ten are checked, and another address is let in', async () => {
  let now = 0;
  const login = createBasicLogin([{ ...ada, hash: cheap }], () => now);
  const guesses = Array.from({ length: 20 }, (_, i) => login(basic('ada', `guess ${i}`), '10.0.0.7'));
  const other = login(basic('ada', 'corr:ect, höörse'), '10.0.0.8');
  expect(await Promise.race([other, Promise.all(guesses)])).toEqual(ada);
  const results = await Promise.all(guesses);
  expect(results.filter((result) => result === 'wrong')).toHaveLength(10);
  expect(results.at(-1)).toEqual({ laterSeconds: 6, because: 'sender' });
  now = 6_000;
  expect(await login(basic('ada', 'one more'), '10.0.0.7')).toBe('wrong');
  expect(await login(basic('ada', 'two more'), '10.0.0.7')).toMatchObject({ because: 'sender' });
});

test('twenty requests at once with the right password are let in by one check', async () => {
  const login = createBasicLogin([{ ...ada, hash: cheap }], () => 0);
  const all = Array.from({ length: 20 }, () => login(basic('ada', 'corr:ect, höörse'), '10.0.0.7'));
  expect(new Set(await Promise.all(all))).toEqual(new Set([ada]));
});

test('where too many passwords are being checked for all addresses together, the next is asked to retry later', async () => {
  const login = createBasicLogin([{ ...ada, hash: cheap }], () => 0);
  const tried = Array.from({ length: 51 }, (_, i) => login(basic('ada', `guess ${i}`), `10.0.0.${i >> 3}`));
  expect((await Promise.all(tried)).filter((result) => result !== 'wrong')).toEqual([
    { laterSeconds: 1, because: 'busy' },
  ]);
});
