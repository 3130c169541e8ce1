import { readFileSync } from 'node:fs';

/**
 * The libraries whose runs are looked at by `npm run test:libraries`, each with the exact packages that it is tried with.
 *
 * @returns {readonly { name: string, packages: readonly string[] }[]}
 */
export function libraries() {
  return JSON.parse(readFileSync(new URL('../../test/libraries/libraries.json', import.meta.url), 'utf8'));
}

/**
 * The name of a library's virtual environment.
 *
 * @param {string} library
 */
export function libraryVenv(library) {
  return `library-${library}`;
}
