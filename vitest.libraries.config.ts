import { defineConfig } from 'vitest/config';

/** Apart from `npm test`: it needs a package registry, and its virtual environments take minutes to install. */
export default defineConfig({
  test: {
    include: ['test/libraries/**/*.test.ts'],
    globalSetup: ['test/support/servers/global-setup.ts'],
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
