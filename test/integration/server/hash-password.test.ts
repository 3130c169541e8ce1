import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { verifyPassword } from '../../../src/config/users.js';
import { program } from '../../support/service/service.js';

function hashPassword(input: string) {
  return spawnSync(process.execPath, [program, 'hash-password'], { input, encoding: 'utf8' });
}

test('hash-password reads stdin and prints a hash of it, and nothing else', async () => {
  const { status, stdout, stderr } = hashPassword('right horse\n');
  expect([status, stderr]).toEqual([0, '']);
  expect(await verifyPassword('right horse', stdout.trim())).toBe(true);
});

test('an empty password gets a warning', async () => {
  const { status, stdout, stderr } = hashPassword('');
  expect(status).toBe(0);
  expect(stderr).toContain('empty');
  expect(await verifyPassword('', stdout.trim())).toBe(true);
});
