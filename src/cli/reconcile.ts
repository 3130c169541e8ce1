import { Argument, Command, Option } from 'commander';
import type { Settings } from '../config/types.js';
import { connectServers } from '../connect.js';
import { matches } from '../domain/globs.js';
import { watchedRepositories } from '../facts/watched-repositories.js';
import { repositoryNameProblem } from '../install/targets.js';
import type { Desk, LookReport, RepositoryName } from './desk/desk.js';
import { atDesk } from './desk/find-desk.js';
import { pickInstallation } from './installation.js';
import { CliError, exitCodes, type Io, print, printJson, progressLine } from './output.js';

interface ReconcileOptions {
  readonly installation?: string;
  readonly json?: boolean;
}

const help = `
The service does this by itself every minute (LAKEFS_MLFLOW_RECONCILE_INTERVAL).
This looks now, reads the catalog anew and says what it found. It asks the
service that runs on this machine; without one it looks itself, and what it
queues waits for a service.

Examples:
  lakefs-mlflow reconcile
  lakefs-mlflow reconcile images --json

Exit code 0 where all is in the catalog or queued; 1 where a repository is
paused, or something cannot be read or has failed.`;

export function reconcileCommand(io: Io): Command {
  return new Command('reconcile')
    .description('Looks now for commits that the catalog lacks, and queues them.')
    .addArgument(
      new Argument('[repository]', 'name of the lakeFS repository (default: all that are watched)'),
    )
    .addOption(new Option('--installation <name>', 'which lakeFS server, where the settings name several'))
    .addOption(new Option('--json', 'print the result as JSON'))
    .addHelpText('after', help)
    .action((repository: string | undefined, options: ReconcileOptions) =>
      reconcile(io, repository, options),
    );
}

async function reconcile(io: Io, given: string | undefined, options: ReconcileOptions): Promise<void> {
  const name = given?.replace(/^lakefs:\/\//, '').replace(/\/$/, '');
  const problem = name === undefined ? undefined : repositoryNameProblem(name);
  if (problem !== undefined) throw new CliError(problem, exitCodes.usage);
  const settings = await io.loadSettings();
  const repositories = await chooseRepositories(settings, name, options.installation);
  const reports = await atDesk(settings, (desk) => lookAtAll(io, desk, repositories));
  if (options.json === true) printJson(io, { repositories: reports });
  else printReports(io, reports);
  if (reports.some(isTrouble)) throw new CliError('', exitCodes.failed);
}

async function chooseRepositories(
  settings: Settings,
  name: string | undefined,
  installation: string | undefined,
): Promise<readonly RepositoryName[]> {
  if (name !== undefined) {
    const { name: chosen, repositories } = pickInstallation(settings, installation);
    if (!matches(repositories, name)) {
      throw new CliError(
        `repository "${name}" is not watched: see the setting REPOSITORIES`,
        exitCodes.usage,
      );
    }
    return [{ installation: chosen, repository: name }];
  }
  const wanted = installation === undefined ? undefined : pickInstallation(settings, installation).name;
  const accesses = connectServers(settings.installations, 'look')
    .flatMap(({ installations }) => installations)
    .filter((access) => wanted === undefined || access.settings.name === wanted);
  const found = await Promise.all(
    accesses.map(async (access) =>
      (await watchedRepositories(access)).map((repository) => ({
        installation: access.settings.name,
        repository,
      })),
    ),
  );
  return found.flat();
}

async function lookAtAll(
  io: Io,
  desk: Desk,
  repositories: readonly RepositoryName[],
): Promise<readonly LookReport[]> {
  const line = progressLine(io);
  const signal = io.interruption();
  const reports: LookReport[] = [];
  try {
    for (const [index, one] of repositories.entries()) {
      const told = (percent: number): void =>
        line.show(`${one.repository} (${index + 1} of ${repositories.length}): ${Math.round(percent)} %`);
      told(0);
      reports.push(await desk.look(one, told, signal));
    }
  } catch (error) {
    if (signal.aborted)
      throw new CliError('interrupted: the service goes on by itself', exitCodes.interrupted);
    throw error;
  } finally {
    line.clear();
  }
  return reports;
}

function printReports(io: Io, reports: readonly LookReport[]): void {
  if (reports.length === 0) print(io, 'No repository is watched (setting REPOSITORIES).');
  const several = new Set(reports.map(({ installation }) => installation)).size > 1;
  for (const { installation, repository, summary, log } of reports) {
    print(io, `${repository}${several ? ` (${installation})` : ''}: ${summary}`);
    for (const line of log) print(io, line, '  ');
  }
}

function isTrouble({ failed, summary, counts }: LookReport): boolean {
  return failed || summary.startsWith('paused: ') || (counts.failed ?? 0) + (counts.unreadable ?? 0) > 0;
}
