import { Command, Option } from 'commander';
import { settingsHelp } from '../config/reference.js';
import type { Settings } from '../config/types.js';
import { createRedactor } from '../http/redact.js';
import { type RunningService, startService } from '../main.js';
import { EmbeddedQueueInUseError } from '../queue/embedded-lock.js';
import { type Role, roles } from '../server/role.js';
import { createConsoleLog } from '../telemetry/console-log.js';
import { createJsonLog } from '../telemetry/json-log.js';
import type { Log } from '../telemetry/log.js';
import { secretsOf } from '../telemetry/secrets.js';
import { CliError, type Io } from './output.js';
import { startText } from './start-text.js';
import { waitForStop } from './stop-signals.js';

const roleHelp = 'all; receive (hooks only) or work (jobs only), which share a Redis or PostgreSQL queue';

export function serveCommand(io: Io): Command {
  return new Command('serve')
    .description('Runs the service: receives lakeFS events and keeps MLflow in agreement with lakeFS.')
    .addOption(new Option('--role <role>', roleHelp).choices(roles).default('all'))
    .addHelpText('after', () => `\n${settingsHelp(io.stdout.columns ?? 80)}`)
    .action(async ({ role }: { role: Role }) => serve(io, role));
}

async function serve(io: Io, role: Role): Promise<void> {
  const settings = await io.loadSettings();
  const log = createLog(io, settings);
  const service = await start(settings, role, log);
  if (io.stdout.isTTY) io.stdout.write(startText(settings, role, service));
  else log.info({ address: service.address, role, queue: service.queue }, 'started');
  await waitForStop(service, settings.shutdownDeadlineMs, log);
}

/** For people lines of text, for log collectors JSON. */
function createLog(io: Io, settings: Settings): Log {
  const redact = createRedactor(secretsOf(settings));
  return io.stdout.isTTY
    ? createConsoleLog(settings.logLevel, redact, (line) => io.stdout.write(line), Date.now)
    : createJsonLog(settings.logLevel, redact);
}

async function start(settings: Settings, role: Role, log: Log): Promise<RunningService> {
  try {
    return await startService(settings, { role, log });
  } catch (error) {
    if (error instanceof EmbeddedQueueInUseError) throw new CliError(error.message);
    throw error;
  }
}
