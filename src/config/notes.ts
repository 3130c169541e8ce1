import { allOptions } from './options.js';
import { isQuoted } from './values.js';

/**
 * Notes about secrets that look valid but may be wrong, one sentence each. They never contain a value.
 */
export function secretNotes(environment: Readonly<Record<string, string | undefined>>): string[] {
  const names = allOptions.filter(({ secret }) => secret === true).flatMap(({ env }) => env);
  return names.flatMap((name) => {
    const raw = environment[name] ?? '';
    const notes: string[] = [];
    if (/^[\r\n]|[\r\n]$/.test(raw) && raw.trim() !== '') {
      const elsewhere =
        name === 'LAKEFSACTION_BRIDGE_TOKEN'
          ? '. lakeFS does not remove it: do so in the environment of lakeFS, or it cannot send events'
          : '';
      notes.push(`the line break at the end of ${name} was removed${elsewhere}`);
    }
    if (isQuoted(raw.trim())) {
      notes.push(
        `${name} is in quotation marks, which count as part of it: remove them unless they are intended (the env files of Docker keep them)`,
      );
    }
    return notes;
  });
}
