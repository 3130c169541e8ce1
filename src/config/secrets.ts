import { allOptions } from './options.js';
import type { Settings } from './types.js';
import { isQuoted } from './values.js';

/** Every secret of the settings, so that the log can take them out of whatever it is given. */
export function secretsOf(settings: Pick<Settings, 'installations' | 'users' | 'queueUrl'>): string[] {
  const all = [
    ...settings.users.map(({ hash }) => hash),
    ...settings.installations.flatMap(({ lakefs, mlflow, hookTokens }) => [
      lakefs.secretAccessKey,
      mlflow.password,
      mlflow.token,
      ...hookTokens,
    ]),
    ...passwordIn(settings.queueUrl),
  ];
  return all.filter((secret) => secret !== undefined).filter((secret) => secret !== '');
}

/** As it stands in the address, and decoded. */
function passwordIn(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { password } = new URL(address);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

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
