import { type Command, Option } from 'commander';
import { actionFile, actionPath } from '../install/action-file.js';
import { type Announcement, findAnnouncement } from '../install/announced.js';
import { decideInstall } from '../install/decide.js';
import { callsItself, defaultHookUrl, hookUrlProblem, hookUrlWarnings } from '../install/hook-url.js';
import {
  type ActionOptions,
  actionCommand,
  changeAll,
  findTarget,
  isBad,
  type Target,
} from './action-command.js';
import { printResults } from './branch-results.js';
import { announcementProblem, sentFromNowOn } from './install-report.js';
import { pickInstallation } from './installation.js';
import { CliError, exitCodes, type Io, print, printJson, warn } from './output.js';

interface InstallOptions extends ActionOptions {
  readonly url?: string;
  readonly print?: boolean;
  readonly force?: boolean;
}

/** The file is in place, but the event that announced it was not taken. */
const notTaken = 3;

const help = `
The file becomes ${actionPath} by one commit per branch,
made on a branch of its own and merged: uncommitted changes of others stay as
they are, and protected branches accept it. Running it again changes nothing, or
updates the address. A file that somebody else wrote is never overwritten, one
that was edited by hand only with --force.

Exit codes: 0 installed, and lakeFS has delivered the first event; 1 not
installed; 2 wrong usage or settings; 3 installed, but the first event was
refused or could not be delivered.

Examples:
  lakefs-mlflow install images
  lakefs-mlflow install images --branch main experiment-1
  lakefs-mlflow install images --url https://mlops.example/hooks/lakefs
  lakefs-mlflow install images --metadata ticket=DATA-42
  lakefs-mlflow install --print > action.yaml`;

export function installCommand(io: Io): Command {
  return actionCommand('install')
    .description('Puts the action file on branches, so that lakeFS tells us about each new commit.')
    .addOption(
      new Option(
        '--url <address>',
        'where lakeFS sends events (default: LAKEFS_MLFLOW_PUBLIC_URL and /hooks/lakefs)',
      ),
    )
    .addOption(new Option('--force', 'also replace a file that was edited by hand'))
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

/** Throws `CliError` (2) for a default address by which lakeFS would call itself: nobody chose it. */
async function urlFromSettings(io: Io, { installation }: InstallOptions): Promise<string> {
  const settings = await io.loadSettings([]);
  const { name, lakefs } = pickInstallation(settings, installation);
  const url = defaultHookUrl(settings.publicUrl, name);
  if (callsItself(url, lakefs.endpoint)) {
    throw new CliError(
      `lakeFS at ${lakefs.endpoint} could not reach the service at ${url}, an address that leads to lakeFS's own ` +
        'machine: set LAKEFS_MLFLOW_PUBLIC_URL to an address by which lakeFS reaches the service, or pass ' +
        '--url https://HOST/hooks/lakefs',
      exitCodes.usage,
    );
  }
  return url;
}

async function install(io: Io, repository: string | undefined, options: InstallOptions): Promise<void> {
  const url = checked(options.url ?? (await urlFromSettings(io, options)));
  const target = await findTarget(io, 'install', repository, options);
  const version = await target.lakefs.version().catch(() => undefined);
  const doubts = hookUrlWarnings(url, target.lakefs.endpoint, version);
  const decide = decideInstall(actionFile({ url }), { force: options.force === true });
  let problem: string | undefined;
  await changeAll(io, target, { decide, metadata: options.metadata }, async (results) => {
    const commit = results.find(({ outcome }) => outcome === 'installed' || outcome === 'updated')?.commit;
    const sent = commit === undefined ? undefined : await announcement(target, commit);
    problem = sent && announcementProblem(sent, url);
    const warnings = results.every(isBad) || hasReached(sent) ? [] : doubts;
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
    if (commit !== undefined) printNews(io, target, commit, sent?.state === 'delivered');
  });
  if (problem !== undefined) throw new CliError(problem, notTaken);
}

/** True where what happened to the first event leaves no doubt about the address. */
function hasReached(sent: Announcement | undefined): boolean {
  if (sent?.state !== 'failed') return sent?.state === 'delivered';
  return /status code|internal address/.test(sent.detail);
}

function printNews(io: Io, { installation, repository }: Target, commit: string, taken: boolean): void {
  print(io);
  print(io, sentFromNowOn);
  if (taken) {
    print(
      io,
      `lakeFS has delivered the first event, of commit ${commit.slice(0, 12)}, and the service accepted it.`,
    );
  }
  print(io, `Each event and its answer: ${installation.lakefs.publicUrl}/repositories/${repository}/actions`);
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
