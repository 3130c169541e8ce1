import { type Command, Option } from 'commander';
import { actionFile, actionPath } from '../install/action-file.js';
import { decideInstall } from '../install/decide.js';
import { defaultHookUrl, hookUrlProblem, hookUrlWarnings } from '../install/hook-url.js';
import { type ActionOptions, actionCommand, changeAll, findTarget, type Target } from './action-command.js';
import { printResults } from './branch-results.js';
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
    .addOption(new Option('--url <address>', 'where lakeFS reaches us (default: from PUBLIC_URL)'))
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
  const target = await findTarget(io, repository, options);
  const url = checked(options.url ?? (await urlFromSettings(io, options)));
  const version = await target.lakefs.version().catch(() => undefined);
  const warnings = hookUrlWarnings(url, target.lakefs.endpoint, version);
  if (options.json !== true) {
    print(io, `Repository ${target.repository}: events go to ${url}`);
    for (const warning of warnings) warn(io, warning);
  }
  await changeAll(io, target, decideInstall(actionFile({ url })), (results) => {
    if (options.json === true) {
      printJson(io, {
        repository: target.repository,
        installation: target.installation.name,
        path: actionPath,
        url,
        branches: results,
        warnings,
      });
      return;
    }
    printResults(io, results);
    if (results.some(({ outcome }) => outcome === 'installed' || outcome === 'updated'))
      printNext(io, target);
  });
}

function printNext(io: Io, { installation, repository }: Target): void {
  const actions = `${installation.lakefs.publicUrl}/repositories/${repository}/actions`;
  print(io);
  print(
    io,
    'From these commits on, each commit, merge, revert and cherry-pick on these branches is announced; the ' +
      'commit that adds the file announces itself. A branch made from an earlier commit sends nothing until it ' +
      'merges one of these, or until you name it here.',
  );
  print(
    io,
    'The lakeFS server needs LAKEFSACTION_BRIDGE_TOKEN in its own environment, with the same value as this ' +
      'service: without it lakeFS sends nothing, and says so only in its server log.',
  );
  print(io, `What was sent and answered: ${actions}`);
}

function checked(url: string): string {
  const problem = hookUrlProblem(url);
  if (problem !== undefined) throw new CliError(problem, exitCodes.usage);
  return url;
}
