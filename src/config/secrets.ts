import type { Settings } from './types.js';

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
