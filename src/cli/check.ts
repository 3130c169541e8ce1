import { Argument, Command, Option } from 'commander';
import { checkBlocks, refusal } from '../answers/check/blocks.js';
import { checkJson } from '../answers/check/json.js';
import { checkRun } from '../answers/check/look.js';
import { readRequirements, usualRequirement } from '../answers/check/require.js';
import { readRunOrModel } from '../answers/read-run.js';
import { printBlocks } from './blocks.js';
import { asTold, chooseServer } from './choose-server.js';
import { CliError, exitCodes, type Io, printJson } from './output.js';

interface CheckCliOptions {
  readonly require: string;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
What can be required, of all the data that the run is known to have read:
  known         something is known
  complete      … of each dataset that it logged
  certain       it is certain that this data was read
  declared, exact, resolved, likely
                how it is known, at least as well as that
  current       nothing has changed the data since
  not-reverted  it was neither undone nor thrown away
  promoted      it has come to the default branch, or to one of those that the
                setting LAKEFS_MLFLOW_PROMOTED_BRANCHES names

What cannot be known is not met. Nothing is written.

Examples:
  lakefs-mlflow check models:/churn@champion --require exact,promoted,current
  lakefs-mlflow check 0a1b2c3d4e5f60718293a4b5c6d7e8f9 --json

Exit code 0 where all of it is met, 1 where not, 2 for a word that is not there.`;

export function checkCommand(io: Io): Command {
  return new Command('check')
    .description('Tells whether the data of a run or model is as a release requires.')
    .addArgument(new Argument('<what>', 'a run or a model (models:/NAME/VERSION, models:/NAME@ALIAS)'))
    .addOption(new Option('--require <words>', 'separated by commas').default(usualRequirement))
    .addOption(new Option('--installation <name>', 'which servers, where the settings name several'))
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
  try {
    const found = await checkRun(access, Date.now, what, required.words);
    if (options.json === true) printJson(io, checkJson(found));
    else printBlocks(io, checkBlocks(found));
    const problem = refusal(found);
    if (problem !== undefined) throw new CliError(problem);
  } catch (error) {
    throw asTold(error);
  }
}
