import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { onPath } from './paths.mjs';
import { ProgramFailed, run } from './run.mjs';

/** Debian's way to say that an installed package's service must not be started; see invoke-rc.d(8). */
const policyFile = '/usr/sbin/policy-rc.d';

/** Programs that some tests need; without them these are left out. */
export const optionalPrograms = {
  redis: { label: 'Redis', names: ['redis-server'], aptPackage: 'redis-server' },
  chromium: {
    label: 'Chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    aptPackage: 'chromium',
  },
};

/**
 * Looks for a program, and installs it where that needs no questions: as root on Debian and its relatives.
 *
 * @param {{ label: string, names: readonly string[], aptPackage: string }} program
 * @param {(text: string) => void} note
 * @returns {Promise<string>} what was found, or that its tests are left out
 */
export async function findOrInstall({ label, names, aptPackage }, note) {
  const found = onPath(...names);
  if (found !== undefined) return found;
  const without = `not available: install ${aptPackage} to run the ${label} tests, they are left out`;
  if (!canInstall()) return without;
  note(`apt-get install ${aptPackage}`);
  try {
    await aptInstall(aptPackage);
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    return `${without} (${error.message.split('\n').at(-1)})`;
  }
  return onPath(...names) === undefined ? without : 'installed';
}

export function canInstall() {
  return process.getuid?.() === 0 && onPath('apt-get') !== undefined;
}

/**
 * Installs a package without starting a service.
 *
 * @param {string} aptPackage
 * @throws {ProgramFailed}
 */
export async function aptInstall(aptPackage) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-q', '--no-install-recommends', aptPackage];
  const holdServices = !existsSync(policyFile);
  if (holdServices) {
    writeFileSync(policyFile, '#!/bin/sh\nexit 101\n');
    chmodSync(policyFile, 0o755);
  }
  try {
    await run('apt-get', ['update', '-q'], { env });
    await run('apt-get', install, { env });
  } finally {
    if (holdServices) rmSync(policyFile, { force: true });
  }
}
