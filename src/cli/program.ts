import { Command, CommanderError } from 'commander';
import { failureOf } from '../domain/common/failure.js';
import { packageVersion } from '../version.js';
import { commands } from './commands.js';
import { exitCodes, type Io, printable, wrap } from './output.js';

const help = `
Exit codes: 0 done, 1 failed or found a problem, 2 wrong usage or settings; some
commands have more, see their --help.

The lakeFS and MLflow servers come from their usual variables:
  LAKECTL_SERVER_ENDPOINT_URL, LAKECTL_CREDENTIALS_ACCESS_KEY_ID,
  LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY (or ~/.lakectl.yaml),
  MLFLOW_TRACKING_URI and the related MLFLOW_* variables.

Run "lakefs-mlflow COMMAND --help" for a command's options.`;

/** Runs one command line (without `node` and the file) and answers with the exit code. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const program = await buildProgram(argv, io);
    await program.parseAsync([...argv], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    return report(error, io);
  }
}

/** Loads the file of the one command that is asked for; the others are there by name only. */
async function buildProgram(argv: readonly string[], io: Io): Promise<Command> {
  const program = new Command('lakefs-mlflow')
    .description('Links lakeFS commits to the MLflow runs that consumed them.')
    .version(packageVersion(), '-V, --version', 'print the release')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', help)
    .showHelpAfterError('(run with --help for usage)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    });
  const [first, second] = argv.filter((arg) => !arg.startsWith('-'));
  const wanted = first === 'help' ? second : first;
  for (const [name, entry] of Object.entries(commands)) {
    const command =
      name === wanted
        ? (await entry.load())(io)
        : new Command(name).usage('[options] …').allowUnknownOption();
    program.addCommand(command.summary(entry.summary).copyInheritedSettings(program));
  }
  return program;
}

function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    // Commander has printed its text; asking for help or the version is no mistake.
    const asked = error.exitCode === 0 || error.code === 'commander.helpDisplayed';
    return asked ? exitCodes.done : exitCodes.usage;
  }
  const known = exitCodeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (known === undefined && error instanceof Error && io.env.LAKEFS_MLFLOW_LOG_LEVEL === 'debug') {
    io.stderr.write(`${printable(error.stack ?? text)}\n`);
  } else if (text !== '') {
    const prefix = known === undefined ? 'lakefs-mlflow: unexpected error: ' : 'lakefs-mlflow: ';
    io.stderr.write(`${wrap(printable(prefix + text), io.stderr.columns, '')}\n`);
  }
  return known ?? exitCodes.failed;
}

/** Errors of ours say it themselves (`CliError`, `SettingsError`) or are failed requests. */
function exitCodeOf(error: unknown): number | undefined {
  if (typeof error === 'object' && error !== null && 'exitCode' in error) {
    if (typeof error.exitCode === 'number') return error.exitCode;
  }
  return failureOf(error) === undefined ? undefined : exitCodes.failed;
}
