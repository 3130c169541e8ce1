import { Argument, Command, Option } from 'commander';
import { comparisonBlocks } from '../queries/compare/blocks.js';
import { compareRuns } from '../queries/compare/compare.js';
import { type RunOrModel, readRunOrModel } from '../queries/shared/read-run.js';
import { readCount } from './options.js';
import { CliError, exitCodes, type Io, printBlocks, printJson } from './output.js';
import { chooseServer } from './servers.js';

interface CompareCliOptions {
  readonly limit: number;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
Compares bytes, not names: s3a:// or s3://, a commit or its merge, with or without
a trailing slash make no difference. What is not certain on either side never
counts as the same. Nothing is written.

Examples:
  lakefs-mlflow compare 0a1b2c3d4e5f… f8e7d6c5b4a3…
  lakefs-mlflow compare models:/churn/3 models:/churn@champion

Exit codes: 0 same data, 3 different data, 4 cannot be determined, 1 failed. The
runs' source code is reported too, but does not affect the exit code.`;

/** Beside those that all commands have. */
const answerCodes = { same: exitCodes.done, differ: 3, unknown: 4 } as const;

export function compareCommand(io: Io): Command {
  const what = 'a run or a model (models:/NAME/VERSION, models:/NAME@ALIAS)';
  return new Command('compare')
    .description('Shows whether two runs read the same data, and what differs.')
    .addArgument(new Argument('<first>', what))
    .addArgument(new Argument('<second>', 'the other one'))
    .addOption(
      new Option('--limit <n>', 'list at most n differing objects per dataset')
        .argParser(readCount)
        .default(20),
    )
    .addOption(new Option('--installation <name>', 'which servers, if the settings name several'))
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
  const found = await compareRuns(access, Date.now, both, { limit });
  if (json === true) printJson(io, found);
  else printBlocks(io, comparisonBlocks(found));
  const code = answerCodes[found.outcome];
  if (code !== exitCodes.done) throw new CliError('', code);
}
