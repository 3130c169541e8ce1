import { Argument, Command, Option } from 'commander';
import type { Settings } from '../config/types.js';
import { connectServers } from '../connect.js';
import { ourTag } from '../contract/tags.js';
import { matches } from '../domain/common/globs.js';
import { watchedRepositories } from '../facts/commits/watched.js';
import { repositoryNameProblem } from '../install/targets.js';
import type { Admin, CheckReport, CheckRequest, RepositoryName } from './admin/admin.js';
import { withAdmin } from './admin/find-admin.js';
import { CliError, exitCodes, type Io, print, printJson, progressLine } from './output.js';
import { pickInstallation } from './servers.js';

interface ReconcileOptions {
  readonly installation?: string;
  readonly json?: boolean;
  readonly recheck?: boolean;
}

const help = `
The service does this by itself every minute (LAKEFS_MLFLOW_RECONCILE_INTERVAL).
This command checks now, reads the catalog again and reports what it found. It
uses the service on this machine. If none is running, it checks by itself, and
what it queues waits for a service.

--recheck is for a catalog that lacks commits although "reconcile" says that
nothing is missing. It ignores the tags ${ourTag.history} = complete, compares every
commit since the repository was first checked with the catalog, queues what is
missing and corrects the tags. It never removes an entry and is safe to repeat.

Examples:
  lakefs-mlflow reconcile
  lakefs-mlflow reconcile images --json
  lakefs-mlflow reconcile --recheck images

Exit code 0 if everything is in the catalog or queued; 1 if a repository is
paused, or something cannot be read or has failed.`;

export function reconcileCommand(io: Io): Command {
  return new Command('reconcile')
    .description('Checks now for commits missing from the catalog, and queues them.')
    .addArgument(new Argument('[repository]', 'name of the lakeFS repository (default: all watched ones)'))
    .addOption(new Option('--installation <name>', 'which lakeFS server, if the settings name several'))
    .addOption(new Option('--recheck', 'check every commit of the repository, even if marked complete'))
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
  const recheck = options.recheck === true ? ({ recheck: true } as const) : {};
  if (options.recheck === true && name === undefined)
    throw new CliError('--recheck needs the name of a repository', exitCodes.usage);
  const settings = await io.loadSettings();
  const repositories = await chooseRepositories(settings, name, options.installation);
  const reports = await withAdmin(settings, (admin) =>
    lookAtAll(
      io,
      admin,
      repositories.map((one) => ({ ...one, ...recheck })),
    ),
  );
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
  const chosen =
    installation === undefined ? settings.installations : [pickInstallation(settings, installation)];
  const accesses = connectServers(chosen, 'person').flatMap(({ installations }) => installations.all);
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
  admin: Admin,
  repositories: readonly CheckRequest[],
): Promise<readonly CheckReport[]> {
  const line = progressLine(io);
  const signal = io.interruption();
  const reports: CheckReport[] = [];
  try {
    for (const [index, one] of repositories.entries()) {
      const onProgress = (percent: number): void =>
        line.show(`${one.repository} (${index + 1} of ${repositories.length}): ${Math.round(percent)} %`);
      onProgress(0);
      reports.push(await admin.check(one, onProgress, signal));
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

function printReports(io: Io, reports: readonly CheckReport[]): void {
  if (reports.length === 0) print(io, 'No repository is watched (setting REPOSITORIES).');
  const several = new Set(reports.map(({ installation }) => installation)).size > 1;
  for (const { installation, repository, summary, log } of reports) {
    print(io, `${repository}${several ? ` (${installation})` : ''}: ${summary}`);
    for (const line of log) print(io, line, '  ');
  }
}

function isTrouble({ failed, summary, counts }: CheckReport): boolean {
  return failed || summary.startsWith('paused: ') || (counts.failed ?? 0) + (counts.unreadable ?? 0) > 0;
}
