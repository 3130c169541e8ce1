import { Argument, Command, Option } from 'commander';
import { runOf } from '../answers/run-of.js';
import { readWhat } from '../answers/what.js';
import { answerBlocks } from '../lineage/answer.js';
import { codeText, findPieces } from '../lineage/code/code.js';
import { lineageJson } from '../lineage/json.js';
import { lookAtRun } from '../lineage/look.js';
import { whyBlocks } from '../lineage/why.js';
import { printBlocks } from './blocks.js';
import { asTold, chooseServer } from './choose-server.js';
import { CliError, exitCodes, type Io, printJson } from './output.js';

interface LineageOptions {
  readonly why?: boolean;
  readonly code?: boolean;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
Needs nothing but the addresses and keys of both servers: no service, no action,
no tag. Nothing is written.

Examples:
  lakefs-mlflow lineage 0a1b2c3d4e5f60718293a4b5c6d7e8f9
  lakefs-mlflow lineage models:/churn@champion
  lakefs-mlflow lineage --why 'https://mlflow.example/#/experiments/1/runs/0a1b…'
  lakefs-mlflow lineage --code 0a1b2c3d4e5f60718293a4b5c6d7e8f9 > load.py

Exit code 0 where an answer was given, also that nothing is known.`;

export function lineageCommand(io: Io): Command {
  return new Command('lineage')
    .description('Tells which data of lakeFS a run or model of MLflow read, and how we know.')
    .addArgument(new Argument('<what>', 'a run, or a model (models:/NAME/VERSION, models:/NAME@ALIAS)'))
    .addOption(new Option('--why', 'also show everything that was looked at, and what became of it'))
    .addOption(new Option('--code', 'print the Python that loads exactly this data').conflicts('why'))
    .addOption(new Option('--installation <name>', 'which servers, where the settings name several'))
    .addOption(new Option('--json', 'print the answer as JSON'))
    .addHelpText('after', help)
    .action((what: string, options: LineageOptions) => lineage(io, what, options));
}

async function lineage(io: Io, given: string, options: LineageOptions): Promise<void> {
  const what = readWhat(given);
  if (what.kind === 'none') throw new CliError(what.problem, exitCodes.usage);
  if (what.kind === 'data') {
    throw new CliError('lineage is told of runs and models: name one of these', exitCodes.usage);
  }
  const access = chooseServer(await io.loadSettings(['lakefs', 'mlflow']), options.installation);
  try {
    const found = await lookAtRun(await runOf(what, access.mlflow), access, Date.now);
    const code = options.code === true ? codeText(await findPieces(found, access)) : undefined;
    if (options.json === true) printJson(io, lineageJson(found, code));
    else if (code !== undefined) io.stdout.write(code);
    else printBlocks(io, [...answerBlocks(found), ...(options.why === true ? whyBlocks(found) : [])]);
  } catch (error) {
    throw asTold(error);
  }
}
