import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { withoutEndSlashes } from '../../domain/paths/slashes.js';
import { CliError, exitCodes } from '../output.js';

/** Which lakeFS the demo uses. `place` names the folder of what belongs to it. */
export type LakefsKind =
  | {
      readonly kind: 'given';
      readonly place: string;
      readonly endpoint: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
    }
  | { readonly kind: 'program'; readonly place: 'lakefs'; readonly program: string }
  | { readonly kind: 'sandbox'; readonly place: 'sandbox' };

/**
 * The one that the environment names, else a `lakefs` on the PATH, else the sandbox. `~/.lakectl.yaml` does not
 * count: the demo writes to the server, and that file may name one of other people.
 */
export function chooseLakefs(env: NodeJS.ProcessEnv): LakefsKind {
  const endpoint = env.LAKECTL_SERVER_ENDPOINT_URL || undefined;
  if (endpoint !== undefined) return given(endpoint, env);
  const program = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'lakefs'))
    .find(isProgram);
  if (program === undefined) return { kind: 'sandbox', place: 'sandbox' };
  return { kind: 'program', place: 'lakefs', program };
}

function given(address: string, env: NodeJS.ProcessEnv): LakefsKind {
  const accessKeyId = env.LAKECTL_CREDENTIALS_ACCESS_KEY_ID || undefined;
  const secretAccessKey = env.LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY || undefined;
  if (!URL.canParse(address) || accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CliError(
      'LAKECTL_SERVER_ENDPOINT_URL is set, so the demo uses that lakeFS: give its address with http(s)://, and its ' +
        'keys in LAKECTL_CREDENTIALS_ACCESS_KEY_ID and LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY. Or unset it: then the ' +
        'demo uses a "lakefs" on the PATH, or its own sandbox.',
      exitCodes.usage,
    );
  }
  const endpoint = withoutEndSlashes(address).replace(/\/api\/v1$/, '');
  const place = `lakefs-at-${new URL(endpoint).host.replace(/[^\w.-]/g, '-')}`;
  return { kind: 'given', place, endpoint, accessKeyId, secretAccessKey };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
