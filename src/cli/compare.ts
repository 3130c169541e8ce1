import { Argument, Command, Option } from 'commander';
import { comparisonBlocks } from '../answers/compare/blocks.js';
import { comparisonJson } from '../answers/compare/json.js';
import { compareRuns } from '../answers/compare/look.js';
import { type RunOrModel, readRunOrModel } from '../answers/read-run.js';
import { printBlocks } from './blocks.js';
import { asTold, chooseServer } from './choose-server.js';
import { readCount } from './numbers.js';
import { CliError, exitCodes, type Io, printJson } from './output.js';

interface CompareCliOptions {
  readonly limit: number;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
Compares the bytes, not the names: s3a:// or s3://, a commit of a branch or the
merge of it, with or without a closing slash. What is not certain on either
side never counts as the same. Nothing is written.

Examples:
  lakefs-mlflow compare 0a1b2c3d4e5f… f8e7d6c5b4a3…
  lakefs-mlflow compare models:/churn/3 models:/churn@champion

Exit code 0 the same data, 3 different data, 4 it cannot be known; 1 where it
could not be asked. The code is told beside it, and has no part in this.`;

/** Beside those that all commands have. */
const answerCodes = { same: exitCodes.done, differ: 3, unknown: 4 } as const;

export function compareCommand(io: Io): Command {
  const what = 'a run or a model (models:/NAME/VERSION, models:/NAME@ALIAS)';
  return new Command('compare')
    .description('Tells whether two runs read the same data, and what differs.')
    .addArgument(new Argument('<first>', what))
    .addArgument(new Argument('<second>', 'the other one'))
    .addOption(
      new Option('--limit <n>', 'list so many objects that differ of a dataset')
        .argParser(readCount)
        .default(20),
    )
    .addOption(new Option('--installation <name>', 'which servers, where the settings name several'))
    .addOption(new Option('--json', 'print the answer as JSON'))
    .addHelpText('after', help)
    .action((first: string, second: string, options: CompareCliOptions) =>
      compare(io, [asked(first), asked(second)], options),
    );
}

function asked(given: string): RunOrModel {
  const what = readRunOrModel(given);
  if (what.kind === 'none') throw new CliError(what.problem, exitCodes.usage);
  return what;
}

async function compare(
  io: Io,
  both: readonly [RunOrModel, RunOrModel],
  { limit, json, installation }: CompareCliOptions,
): Promise<void> {
  const access = chooseServer(await io.loadSettings(['lakefs', 'mlflow']), installation);
  try {
    const found = await compareRuns(access, Date.now, both, { limit });
    if (json === true) printJson(io, comparisonJson(found));
    else printBlocks(io, comparisonBlocks(found));
    const code = answerCodes[found.outcome];
    if (code !== exitCodes.done) throw new CliError('', code);
  } catch (error) {
    throw asTold(error);
  }
}
