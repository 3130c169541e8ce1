import { isLoopback } from '../src/config/loopback.js';
import { SettingsError } from '../src/config/settings-error.js';

/**
 * Refuses to listen where others can reach us while anybody's events would be taken.
 * Throws `SettingsError` where the host is not a loopback address and an installation has no hook token.
 */
export function assertSafeToListen(
  host: string,
  installations: readonly { readonly name: string; readonly hookTokens: readonly string[] }[],
): void {
  if (isLoopback(host)) return;
  const open = installations.filter(({ hookTokens }) => hookTokens.length === 0);
  if (open.length === 0) return;
  throw new SettingsError(
    open.map(
      ({ name }) =>
        `installation "${name}" has no hook token, and ${host} can be reached from other machines: set LAKEFSACTION_BRIDGE_TOKEN to the same value here and in the environment of lakeFS (or hookTokens in CONFIG), or listen on 127.0.0.1`,
    ),
  );
}
