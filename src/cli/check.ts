import { Argument, Command, Option } from 'commander';
import { checkBlocks, whyRefused } from '../queries/check/blocks.js';
import { checkRun } from '../queries/check/check.js';
import { readRequirements, usualRequirement } from '../queries/check/require.js';
import { readRunOrModel } from '../queries/shared/read-run.js';
import { CliError, exitCodes, type Io, printBlocks, printJson } from './output.js';
import { chooseServer } from './servers.js';

interface CheckCliOptions {
  readonly require: string;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
Requirements, for all the data that the run is known to have read:
  known         something is known
  complete      … about each dataset that it logged
  certain       it is certain that this data was read
  declared, exact, resolved, likely
                the evidence is at least this strong
  current       nothing has changed the data since
  not-reverted  it was neither reverted nor lost with its branch
  promoted      it is on the default branch, or on one of the branches that the
                setting LAKEFS_MLFLOW_PROMOTED_BRANCHES names

Anything that cannot be determined counts as not met. Nothing is written.

Examples:
  lakefs-mlflow check models:/churn@champion --require exact,promoted,current
  lakefs-mlflow check 0a1b2c3d4e5f60718293a4b5c6d7e8f9 --json

Exit code 0 if all requirements are met, 1 if not, 2 for an unknown word.`;

export function checkCommand(io: Io): Command {
  return new Command('check')
    .description('Checks the data of a run or model against the requirements of a release.')
    .addArgument(new Argument('<what>', 'a run or a model (models:/NAME/VERSION, models:/NAME@ALIAS)'))
    .addOption(new Option('--require <words>', 'separated by commas').default(usualRequirement))
    .addOption(new Option('--installation <name>', 'which servers, if the settings name several'))
    .addOption(new Option('--json', 'print the answer as JSON'))
    .addHelpText('after', help)
    .action((what: string, options: CheckCliOptions) => check(io, what, options));
}

async function check(io: Io, given: string, options: CheckCliOptions): Promise<void> {
  const what = readRunOrModel(given);
  if (what.kind === 'none') throw new CliError(what.problem, exitCodes.usage);
  const required = readRequirements(options.require);
  if (required.kind === 'none') throw new CliError(required.problem, exitCodes.usage);
  const access = chooseServer(await io.loadSettings(['lakefs', 'mlflow']), options.installation);
  const found = await checkRun(access, Date.now, what, required.words);
  if (options.json === true) printJson(io, found);
  else printBlocks(io, checkBlocks(found));
  const problem = whyRefused(found);
  if (problem !== undefined) throw new CliError(problem);
}
