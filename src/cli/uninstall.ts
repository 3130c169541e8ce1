import { type Command, Option } from 'commander';
import { actionPath } from '../install/action-file.js';
import { decideUninstall } from '../install/decide.js';
import {
  type ActionOptions,
  actionCommand,
  changeAll,
  findTarget,
  isBad,
  printResults,
} from './action-command.js';
import { type Io, print, printJson } from './output.js';

const help = `
Removes ${actionPath} from each branch. The commit is made
on a temporary branch and merged. A file that somebody else wrote is never
removed, and one that was edited by hand only with --force. What was registered
and tagged in MLflow stays.`;

interface UninstallOptions extends ActionOptions {
  readonly force?: boolean;
}

export function uninstallCommand(io: Io): Command {
  return actionCommand('uninstall')
    .description('Removes the action file from branches: lakeFS no longer announces their commits.')
    .addOption(new Option('--force', 'also remove a file that was edited by hand'))
    .addHelpText('after', help)
    .action((repository: string | undefined, options: UninstallOptions) =>
      uninstall(io, repository, options),
    );
}

async function uninstall(io: Io, given: string | undefined, options: UninstallOptions): Promise<void> {
  const target = await findTarget(io, 'uninstall', given, options);
  const { repository, installation } = target;
  const decide = decideUninstall({ force: options.force === true });
  await changeAll(io, target, { decide, metadata: options.metadata }, (results) => {
    if (options.json === true) {
      printJson(io, { repository, installation: installation.name, path: actionPath, branches: results });
      return;
    }
    if (!results.every(isBad)) print(io, `Repository ${repository}:`);
    printResults(io, results);
    if (results.some(({ outcome }) => outcome === 'removed')) {
      print(io);
      print(
        io,
        'lakeFS no longer announces commits on these branches, including the one that removed the file. A merge ' +
          'from a branch that still has the file can bring it back.',
      );
    }
  });
}
