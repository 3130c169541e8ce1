import { SettingsError } from '../config/settings-error.js';
import type { Settings } from '../config/types.js';
import { isLoopback } from './access.js';
import { createProxyCheck } from './client-address.js';

export const roles = ['all', 'receive', 'work'] as const;

/**
 * What a process does. `receive`: hooks, health, metrics. `work`: jobs, health, metrics. `all`: these, and pages,
 * API and dashboard.
 */
export type Role = (typeof roles)[number];

/** @throws SettingsError with every reason why this role cannot run on these settings */
export function assertCanStart(
  settings: Pick<Settings, 'queueUrl' | 'host' | 'installations' | 'trustedProxies'>,
  role: Role,
): void {
  const problems: string[] = [];
  if (role !== 'all' && settings.queueUrl === 'embedded') {
    problems.push(
      `the role "${role}" shares its queue with other processes, but only one process can use the embedded queue: set REDIS_URL, or LAKEFS_MLFLOW_QUEUE_URL to redis://… or postgres://…`,
    );
  }
  if (role !== 'work') collect(problems, () => assertSafeToListen(settings.host, settings.installations));
  collect(problems, () => createProxyCheck(settings.trustedProxies));
  if (problems.length > 0) throw new SettingsError(problems);
}

function collect(problems: string[], check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof SettingsError) problems.push(...error.problems);
    else if (error instanceof RangeError) problems.push(error.message);
    else throw error;
  }
}

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
