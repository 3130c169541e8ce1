import { type LoadOptions, loadSettings } from '../../../src/config/load.js';
import { SettingsError } from '../../../src/config/settings-error.js';
import type { Settings } from '../../../src/config/types.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The least that a service needs. */
export const enough: Environment = {
  LAKECTL_SERVER_ENDPOINT_URL: 'http://lakefs:8000',
  LAKECTL_CREDENTIALS_ACCESS_KEY_ID: 'key',
  LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'secret',
  MLFLOW_TRACKING_URI: 'http://mlflow:5000',
};

export function load(
  env: Environment,
  files: Readonly<Record<string, string>> = {},
  options: LoadOptions = {},
): Settings {
  function readFile(path: string): string {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    return text;
  }
  return loadSettings(env, readFile, { home: '/home/jane', ...options });
}

/** The problems that loading ends with; none where it succeeds. */
export function problemsOf(...args: Parameters<typeof load>): readonly string[] {
  try {
    load(...args);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}
