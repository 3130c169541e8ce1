import { Argument, Command, Option } from 'commander';
import { dataUriTag } from '../contract/tags.js';
import { shellText } from '../domain/common/text.js';
import {
  declareData,
  launchVariables,
  readRunContext,
  withoutLaunchVariables,
} from '../domain/references/run-context.js';
import { type Pinned, pinData } from '../queries/shared/pin-data.js';
import { readWhat } from '../queries/shared/target.js';
import { CliError, exitCodes, type Io, warn } from './output.js';
import { runChild } from './run-child.js';
import { searchedLakefs } from './servers.js';

interface RunOptions {
  readonly data: readonly string[];
  readonly print?: boolean;
  readonly installation?: string;
}

const help = `
Looks up the current commit of each ref, and starts the command with it:
  MLFLOW_RUN_CONTEXT  tags that declare the data, for every run that the command
                      starts with MLflow's fluent API or autologging
  LAKEFS_DATA_URI     s3://REPOSITORY/COMMIT/PATH, for the command to read
  LAKEFS_COMMIT       the commit's id
With several --data, these two are for the first one, and LAKEFS_DATA_URI_1,
LAKEFS_COMMIT_1, LAKEFS_DATA_URI_2, … are for each. Tags that are already in
MLFLOW_RUN_CONTEXT are kept. Only lakeFS is asked, and nothing is written.

The declaration is true only if the command reads LAKEFS_DATA_URI, or reads at
LAKEFS_COMMIT: a branch that it reads by name may move.

Examples:
  lakefs-mlflow run --data images/main -- python train.py
  lakefs-mlflow run --data images/main/gold -- \\
    sh -c 'python train.py --data "$LAKEFS_DATA_URI"'
  lakefs-mlflow run --data images/main --data labels/v3 -- python train.py
  vars=$(lakefs-mlflow run --data images/main --print) && eval "$vars"

The exit code is that of the command, or 128 plus the number of the signal that
ended it. If the command was not started: 1 if lakeFS has no such data or could
not be asked, 2 for wrong usage or settings, 126 or 127 if it cannot be started.`;

export function runCommand(io: Io): Command {
  return new Command('run')
    .description('Runs a command whose MLflow runs declare the lakeFS data that they read.')
    .usage('--data REPOSITORY/REF[/PATH]… [--print] -- COMMAND…')
    .addArgument(new Argument('[command...]', 'the command and its arguments, after "--"'))
    .addOption(
      new Option(
        '--data <place...>',
        'REPOSITORY/REF or REPOSITORY/REF/PATH; may be repeated',
      ).makeOptionMandatory(),
    )
    .addOption(new Option('--print', 'print the variables for sh, and run nothing'))
    .addOption(new Option('--installation <name>', 'which servers, if the settings name several'))
    .addHelpText('after', help)
    .action((command: readonly string[], options: RunOptions) => run(io, command, options));
}

async function run(io: Io, [command, ...args]: readonly string[], options: RunOptions): Promise<void> {
  if (options.print === true && command !== undefined) {
    throw new CliError('--print runs nothing: leave out the command, or --print', exitCodes.usage);
  }
  if (options.print !== true && command === undefined) {
    throw new CliError('the command is missing: name it after "--"', exitCodes.usage);
  }
  const variables = await variablesFor(io, options);
  if (command === undefined) {
    const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${shellText(value)}\n`);
    io.stdout.write(lines.join(''));
    return;
  }
  const code = await runChild(command, args, { ...withoutLaunchVariables(io.env), ...variables });
  if (code !== exitCodes.done) throw new CliError('', code);
}

async function variablesFor(io: Io, options: RunOptions): Promise<Readonly<Record<string, string>>> {
  const whats = options.data.map((given) => {
    const what = readWhat(given);
    if (what.kind === 'data') return what;
    const problem = what.kind === 'none' ? what.problem : `"${given}" is a run or a model`;
    throw new CliError(`${problem}: --data needs REPOSITORY/REF or REPOSITORY/REF/PATH`, exitCodes.usage);
  });
  const given = readRunContext(io.env.MLFLOW_RUN_CONTEXT);
  if (given === undefined) {
    throw new CliError(
      'MLFLOW_RUN_CONTEXT is not a JSON object of tags, so MLflow would ignore it: correct it, or unset it',
      exitCodes.usage,
    );
  }
  const settings = await io.loadSettings(['lakefs']);
  const { installation } = options;
  const searched = searchedLakefs(settings, installation);
  const pinned: Pinned[] = [];
  for (const what of whats) pinned.push(await pinData(what, searched, installation));
  for (const one of pinned) if (one.uncommitted) warn(io, uncommittedText(one));
  const data = pinned.map((one) => one.data);
  const { context, clash } = declareData(data, given, searched.rules());
  if (clash !== undefined) {
    warn(
      io,
      `MLFLOW_RUN_CONTEXT already has ${clash}, which is kept: the data is declared beside it, by address (${dataUriTag})`,
    );
  }
  return launchVariables(data, context);
}

function uncommittedText({ data: { repository, branch, commit, path } }: Pinned): string {
  const where = path === '' ? '' : ` under "${path}"`;
  return (
    `branch "${branch}" of "${repository}" has uncommitted changes${where}: ` +
    `they are not in commit ${commit.slice(0, 12)}, which is the one that is declared`
  );
}
