import { Argument, Command, Option } from 'commander';
import { isRepositoryName } from '../domain/references/lakefs-names.js';
import { datasetsBlocks } from '../queries/datasets/blocks.js';
import { findRepositoryOrRef, readDatasets } from '../queries/datasets/datasets.js';
import { readWhat } from '../queries/shared/target.js';
import { CliError, exitCodes, type Io, printBlocks, printJson } from './output.js';
import { searchedLakefs } from './servers.js';

interface DatasetsCliOptions {
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
Lists the datasets of a ref, by the names that they get in MLflow, with the rule
or layout that each matches. Without REF it lists those of the default branch.
Only lakeFS is asked, and nothing is written: neither MLflow nor the service is
needed. If a name is not what you would call the dataset, add a rule or a
layout to the file that LAKEFS_MLFLOW_CONFIG names (docs/datasets.md).

Examples:
  lakefs-mlflow datasets images
  lakefs-mlflow datasets images/dev
  lakefs-mlflow datasets images/v1.2 --json

Exit code 0 if there is an answer, also if there are no datasets.`;

export function datasetsCommand(io: Io): Command {
  return new Command('datasets')
    .description('Lists the datasets of a repository as they would be registered, and why.')
    .addArgument(new Argument('<where>', 'REPOSITORY or REPOSITORY/REF'))
    .addOption(new Option('--installation <name>', 'which servers, if the settings name several'))
    .addOption(new Option('--json', 'print the answer as JSON'))
    .addHelpText('after', help)
    .action((where: string, options: DatasetsCliOptions) => datasets(io, where, options));
}

async function datasets(io: Io, given: string, { json, installation }: DatasetsCliOptions): Promise<void> {
  const wanted = readWhere(given);
  const searched = searchedLakefs(await io.loadSettings(['lakefs']), installation);
  const found = await readDatasets(await findRepositoryOrRef(wanted, searched, installation));
  if (json === true) printJson(io, found);
  else printBlocks(io, datasetsBlocks(found));
}

function readWhere(given: string): { readonly repository: string; readonly ref: string | undefined } {
  if (isRepositoryName(given)) return { repository: given, ref: undefined };
  const what = readWhat(given);
  if (what.kind === 'none') throw new CliError(what.problem, exitCodes.usage);
  if (what.kind !== 'data') {
    throw new CliError(
      `datasets needs REPOSITORY or REPOSITORY/REF, and "${given}" is a run or a model`,
      exitCodes.usage,
    );
  }
  const { repository, ref, path } = what.address;
  if (path !== '') {
    throw new CliError(
      `datasets lists those of a whole repository: leave out the path, as in ${repository}/${ref}`,
      exitCodes.usage,
    );
  }
  return { repository, ref };
}
