import { expect, test } from 'vitest';
import { createBasicLogin } from '../../../src/server/basic-login.js';
import { hashPassword, isPasswordHash, verifyPassword } from '../../../src/server/password.js';

const hash = await hashPassword('corr:ect, höörse');

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

test('a right password is remembered for five minutes, a wrong one is not', async () => {
  let now = 0;
  const users = [{ name: 'ada', role: 'operator' as const, hash }];
  const login = createBasicLogin(users, () => now);
  const header = basic('ada', 'corr:ect, höörse');
  expect(await login(header)).toEqual({ name: 'ada', role: 'operator' });
  const started = performance.now();
  for (let i = 0; i < 100; i++) expect(await login(header)).toEqual({ name: 'ada', role: 'operator' });
  const hundredRemembered = performance.now() - started;
  now = 5 * 60_000;
  const checked = performance.now();
  expect(await login(header)).toEqual({ name: 'ada', role: 'operator' });
  expect(performance.now() - checked).toBeGreaterThan(hundredRemembered);
  expect(await login(basic('ada', 'wrong'))).toBe('wrong');
  expect(await login(basic('ada', 'wrong'))).toBe('wrong');
});

test.each(['', 'Basic', 'Basic !!!', 'Bearer abc', `Basic ${Buffer.from('no-colon').toString('base64')}`])(
  'the header "%s" is wrong',
  async (header) => {
    const login = createBasicLogin([{ name: 'ada', role: 'viewer', hash }], Date.now);
    expect(await login(header)).toBe('wrong');
  },
);

test('an unknown name and a user without a password are wrong', async () => {
  const login = createBasicLogin(
    [
      { name: 'sso', role: 'operator', hash: '' },
      { name: 'ada', role: 'viewer', hash },
    ],
    Date.now,
  );
  expect(await login(basic('eve', 'corr:ect, höörse'))).toBe('wrong');
  expect(await login(basic('sso', ''))).toBe('wrong');
  expect(await login(basic('sso', 'corr:ect, höörse'))).toBe('wrong');
});

test('too many checks at once are turned away', async () => {
  const login = createBasicLogin([{ name: 'ada', role: 'viewer', hash }], Date.now);
  const results = await Promise.all(Array.from({ length: 20 }, (_, i) => login(basic('ada', `guess ${i}`))));
  expect(results.filter((result) => result === 'busy')).toHaveLength(4);
  expect(results.filter((result) => result === 'wrong')).toHaveLength(16);
});
