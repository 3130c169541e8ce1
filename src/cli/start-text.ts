import type { Settings } from '../config/types.js';
import { defaultHookUrl } from '../install/hook-url.js';
import type { RunningService } from '../main.js';
import { type AccessSettings, accessRules, isClosedToAll } from '../server/access-rules.js';
import { pagesOf } from '../server/places.js';
import type { Role } from '../server/role.js';

/** What a person at a terminal sees once the service runs. Holds no secret. */
export function startText(
  settings: Pick<Settings, 'publicUrl' | 'dataDir' | 'installations'> & AccessSettings,
  role: Role,
  service: Pick<RunningService, 'address' | 'queue'>,
): string {
  const { publicUrl, dataDir, installations } = settings;
  const queue = { redis: 'Redis', postgres: 'PostgreSQL', embedded: `embedded, in ${dataDir}` }[
    service.queue
  ];
  const closed = isClosedToAll(accessRules(settings))
    ? '  (closed, as no login is configured: set LAKEFS_MLFLOW_USERS)'
    : '';
  const lines: [string, string][] = [
    ...(role === 'all' ? [['Dashboard', `${publicUrl}/queues/${closed}`] as [string, string]] : []),
    ...installations.flatMap((installation) => aboutInstallation(installation, settings, role)),
    ['Queue', queue],
    ['Listens on', service.address],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const table = lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
  return `\nlakefs-mlflow runs${role === 'all' ? '' : ` (role ${role})`}. Stop it with Ctrl-C.\n\n${table}\n\n`;
}

function aboutInstallation(
  installation: Settings['installations'][number],
  { publicUrl, installations }: Pick<Settings, 'publicUrl' | 'installations'>,
  role: Role,
): [string, string][] {
  const { name, mode, hookTokens } = installation;
  const { lakefs, mlflow } = pagesOf(installation);
  const suffix = installations.length > 1 ? ` (${name})` : '';
  const token = hookTokens.length > 0 ? '' : '  (no token: set LAKEFSACTION_BRIDGE_TOKEN here and in lakeFS)';
  const observed = mode === 'observe' ? '  (only observed: no run is tagged)' : '';
  return [
    ...(role === 'work'
      ? []
      : [[`Hook${suffix}`, defaultHookUrl(publicUrl, name) + token] as [string, string]]),
    [`lakeFS${suffix}`, lakefs],
    [`MLflow${suffix}`, mlflow + observed],
  ];
}
