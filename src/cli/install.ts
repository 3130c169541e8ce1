import { type Command, Option } from 'commander';
import { actionFile, actionPath } from '../install/action-file.js';
import { type Announcement, findAnnouncement } from '../install/announced.js';
import { decideInstall } from '../install/decide.js';
import { defaultHookUrl, hookUrlProblem, hookUrlWarnings } from '../install/hook-url.js';
import {
  type ActionOptions,
  actionCommand,
  changeAll,
  findTarget,
  isBad,
  type Target,
} from './action-command.js';
import { printResults } from './branch-results.js';
import { printSent } from './install-report.js';
import { pickInstallation } from './installation.js';
import { CliError, exitCodes, type Io, print, printJson, warn } from './output.js';

interface InstallOptions extends ActionOptions {
  readonly url?: string;
  readonly print?: boolean;
}

const help = `
The file becomes ${actionPath} by one commit per branch,
made aside and merged in: uncommitted changes of others stay as they are, and
protected branches take it. Running it again changes nothing, or updates the
address. A file of that name that is not ours is never overwritten.

Examples:
  lakefs-mlflow install images
  lakefs-mlflow install images --branch main experiment-1
  lakefs-mlflow install images --url https://mlops.example/hooks/lakefs
  lakefs-mlflow install --print > action.yaml`;

export function installCommand(io: Io): Command {
  return actionCommand('install')
    .description('Puts the action file on branches, so that lakeFS tells us about each new commit.')
    .addOption(
      new Option('--url <address>', 'where lakeFS reaches us (default: by LAKEFS_MLFLOW_PUBLIC_URL)'),
    )
    .addOption(
      new Option('--print', 'print the file; no server is asked').conflicts([
        'branch',
        'allBranches',
        'json',
      ]),
    )
    .addHelpText('after', help)
    .action((repository: string | undefined, options: InstallOptions) =>
      options.print === true ? printFile(io, options) : install(io, repository, options),
    );
}

async function printFile(io: Io, options: InstallOptions): Promise<void> {
  const url = options.url ?? (await urlFromSettings(io, options));
  io.stdout.write(actionFile({ url: checked(url) }));
}

async function urlFromSettings(io: Io, { installation }: InstallOptions): Promise<string> {
  const settings = await io.loadSettings([]);
  return defaultHookUrl(settings.publicUrl, pickInstallation(settings, installation).name);
}

async function install(io: Io, repository: string | undefined, options: InstallOptions): Promise<void> {
  if (options.url !== undefined) checked(options.url);
  const target = await findTarget(io, 'install', repository, options);
  const url = checked(options.url ?? (await urlFromSettings(io, options)));
  const version = await target.lakefs.version().catch(() => undefined);
  const doubts = hookUrlWarnings(url, target.lakefs.endpoint, version);
  await changeAll(io, target, decideInstall(actionFile({ url })), async (results) => {
    const commit = results.find(({ outcome }) => outcome === 'installed' || outcome === 'updated')?.commit;
    const sent = commit === undefined ? undefined : await announcement(target, commit);
    const warnings = sent?.state === 'delivered' ? [] : doubts;
    if (options.json === true) {
      const { repository, installation } = target;
      const announced = sent === undefined ? null : { commit, ...sent };
      const report = { repository, installation: installation.name, path: actionPath, url };
      printJson(io, { ...report, branches: results, warnings, announced });
      return;
    }
    if (!results.every(isBad)) print(io, `Repository ${target.repository}: events go to ${url}`);
    printResults(io, results);
    for (const warning of warnings) warn(io, warning);
    if (commit !== undefined && sent !== undefined) printSent(io, target, commit, sent);
  });
}

/** A look at the log that fails is no failure of the installation. */
async function announcement({ lakefs, repository }: Target, commit: string): Promise<Announcement> {
  return findAnnouncement(lakefs, repository, commit).catch((): Announcement => ({ state: 'unknown' }));
}

function checked(url: string): string {
  const problem = hookUrlProblem(url);
  if (problem !== undefined) throw new CliError(problem, exitCodes.usage);
  return url;
}
