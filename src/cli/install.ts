import { type Command, Option } from 'commander';
import { actionFile, actionPath } from '../install/action-file.js';
import type { BranchResult } from '../install/change-branch.js';
import { checkDelivery, checkFirstEvent, type DeliveryCheck } from '../install/check-delivery.js';
import { decideInstall } from '../install/decide.js';
import { callsItself, defaultHookUrl, hookUrlProblem, hookUrlWarnings } from '../install/hook-url.js';
import {
  type ActionOptions,
  actionCommand,
  changeAll,
  findTarget,
  isBad,
  printResults,
  type Target,
} from './action-command.js';
import { deliveredText, deliveryProblem, sentFromNowOn } from './install-report.js';
import { CliError, exitCodes, type Io, print, printJson, warn } from './output.js';
import { pickInstallation } from './servers.js';

interface InstallOptions extends ActionOptions {
  readonly url?: string;
  readonly print?: boolean;
  readonly force?: boolean;
}

/** The file is in place, but no event is known to have been accepted. */
const notAccepted = 3;

const help = `
Commits ${actionPath} to each branch. The commit is made on
a temporary branch and merged: other people's uncommitted changes stay as they
are, and protected branches accept it. Running it again changes nothing, or only
the address, and checks again whether events arrive: if the newest event of the
branch did not, lakeFS sends a test event, for an empty commit on a temporary
branch. A file that somebody else wrote is never overwritten, and one that was
edited by hand only with --force.

Exit codes: 0 installed, and lakeFS has delivered an event; 1 not installed;
2 wrong usage or settings; 3 installed, but the event was refused, could not be
delivered, or could not be checked.

Examples:
  lakefs-mlflow install images
  lakefs-mlflow install images --branch main experiment-1
  lakefs-mlflow install images --url https://mlops.example/hooks/lakefs
  lakefs-mlflow install images --metadata ticket=DATA-42
  lakefs-mlflow install --print > action.yaml`;

export function installCommand(io: Io): Command {
  return actionCommand('install')
    .description('Puts the action file on branches, so that lakeFS announces each new commit.')
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

/** Throws `CliError` (2) for a default address at which lakeFS would call itself. */
async function urlFromSettings(io: Io, { installation }: InstallOptions): Promise<string> {
  const settings = await io.loadSettings([]);
  const { name, lakefs } = pickInstallation(settings, installation);
  const url = defaultHookUrl(settings.publicUrl, name);
  if (callsItself(url, lakefs.endpoint)) {
    throw new CliError(
      `lakeFS at ${lakefs.endpoint} could not reach the service at ${url}, which leads to lakeFS's own ` +
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
    const check = await deliveryAfter(results, target, options);
    problem = check && deliveryProblem(check, url);
    const warnings = [
      ...(results.every(isBad) || hasReached(check) ? [] : doubts),
      ...(check?.warning === undefined ? [] : [check.warning]),
    ];
    if (options.json === true) {
      const { repository, installation } = target;
      const announced =
        check === undefined ? null : { commit: check.commit, event: check.event, ...check.sent };
      const report = { repository, installation: installation.name, path: actionPath, url };
      printJson(io, { ...report, branches: results, warnings, announced });
      return;
    }
    if (!results.every(isBad)) print(io, `Repository ${target.repository}: events go to ${url}`);
    printResults(io, results);
    for (const warning of warnings) warn(io, warning);
    if (check !== undefined) printDelivery(io, target, check);
  });
  if (problem !== undefined) throw new CliError(problem, notAccepted);
}

/** One branch is enough, as all have the same file; undefined if none has it. */
async function deliveryAfter(
  results: readonly BranchResult[],
  { lakefs, repository }: Target,
  { metadata }: InstallOptions,
): Promise<DeliveryCheck | undefined> {
  const changed = results.find(({ outcome }) => outcome === 'installed' || outcome === 'updated');
  if (changed?.commit !== undefined) {
    return checkFirstEvent({ lakefs, repository, branch: changed.branch }, changed.commit);
  }
  const present = results.find(({ outcome }) => outcome === 'current');
  return present && checkDelivery({ lakefs, repository, branch: present.branch, metadata });
}

/** True if lakeFS reached the address, whatever it answered. */
function hasReached(check: DeliveryCheck | undefined): boolean {
  if (check?.sent.state !== 'failed') return check?.sent.state === 'delivered';
  return /status code|internal address/.test(check.sent.detail);
}

function printDelivery(io: Io, { installation, repository }: Target, check: DeliveryCheck): void {
  print(io);
  if (check.event === 'first') print(io, sentFromNowOn);
  if (check.sent.state === 'delivered') print(io, deliveredText(check));
  print(io, `Each event and its answer: ${installation.lakefs.publicUrl}/repositories/${repository}/actions`);
}

function checked(url: string): string {
  const problem = hookUrlProblem(url);
  if (problem !== undefined) throw new CliError(problem, exitCodes.usage);
  return url;
}
