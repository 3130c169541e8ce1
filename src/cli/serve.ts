import { Command, Option } from 'commander';
import { closingLimitMs } from '../closing.js';
import { settingsHelp } from '../config/reference.js';
import { secretNotes, secretsOf } from '../config/secrets.js';
import type { Settings } from '../config/types.js';
import { createRedactor } from '../http/address.js';
import { defaultHookUrl } from '../install/hook-url.js';
import type { RunningService } from '../main.js';
import { EmbeddedQueueInUseError } from '../queue/embedded-lock.js';
import { type AccessSettings, accessRules, isClosedToAll } from '../server/access.js';
import { pagesOf } from '../server/places.js';
import { type Role, roles } from '../server/role.js';
import type { Log } from '../telemetry/log.js';
import { createConsoleLog } from '../telemetry/logs.js';
import { CliError, exitCodes, type Io } from './output.js';
import { listenForStop, type StopSignals } from './stop-signals.js';

const roleHelp = 'all; receive (hooks only) or work (jobs only), which share a Redis or PostgreSQL queue';

export function serveCommand(io: Io): Command {
  return new Command('serve')
    .description('Runs the service: receives lakeFS events and keeps MLflow in agreement with lakeFS.')
    .addOption(new Option('--role <role>', roleHelp).choices(roles).default('all'))
    .addHelpText('after', () => `\n${settingsHelp(io.stdout.columns ?? 80)}`)
    .action(async ({ role }: { role: Role }) => serve(io, role));
}

async function serve(io: Io, role: Role): Promise<void> {
  // Before anything large is loaded: an unhandled SIGTERM would end the process in the middle of its start, and
  // process 1 of a container would not even notice it.
  const stop = listenForStop();
  // Of the C library: a lookup cannot be ended, and where the DNS server is silent it would take 10 s by default.
  io.env.RES_OPTIONS ??= 'timeout:1 attempts:2';
  const settings = await io.loadSettings();
  const log = await createLog(io, settings);
  for (const note of secretNotes(io.env)) log.warn({ note }, 'check this setting');
  stop.limit(log, closingLimitMs(settings));
  const service = await start(settings, role, log, stop);
  if (service !== undefined && !stop.signal.aborted) {
    if (io.stdout.isTTY) io.stdout.write(startText(settings, role, service));
    else log.info({ address: service.address, role, queue: service.queue }, 'started');
  }
  await stop.came;
  await stop.end(await close(service, log));
}

/** For people lines of text, for log collectors JSON. */
async function createLog(io: Io, settings: Settings): Promise<Log> {
  const redact = createRedactor(secretsOf(settings));
  if (io.stdout.isTTY) {
    return createConsoleLog(settings.logLevel, redact, (line) => io.stdout.write(line), Date.now);
  }
  const { createJsonLog } = await import('../telemetry/logs.js');
  return createJsonLog(settings.logLevel, redact);
}

async function close(service: RunningService | undefined, log: Log): Promise<number> {
  try {
    await service?.close();
    log.info({}, 'stopped');
    return exitCodes.done;
  } catch (error) {
    log.error({ error }, 'stopped, but closing failed');
    return exitCodes.failed;
  }
}

/** Undefined where a signal came before there was anything to close. */
async function start(
  settings: Settings,
  role: Role,
  log: Log,
  { signal, came }: StopSignals,
): Promise<RunningService | undefined> {
  const main = await Promise.race([import('../main.js'), came]);
  if (main === undefined) return undefined;
  try {
    return await main.startService(settings, { role, log, stop: signal });
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined;
    if (error instanceof EmbeddedQueueInUseError) throw new CliError(error.message);
    throw error;
  }
}

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
