import { Argument, Command, Option } from 'commander';
import { disagreement, verificationBlocks } from '../queries/verify/blocks.js';
import { readVerifyTarget } from '../queries/verify/target.js';
import { verify } from '../queries/verify/verify.js';
import { readCount } from './options.js';
import { CliError, exitCodes, type Io, printBlocks, printJson, progressLine } from './output.js';
import { chooseServer } from './servers.js';

interface VerifyCliOptions {
  readonly limit: number;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
Works out the tags again, with the service's own rules, and compares them with
the existing ones. Nothing is written.

Examples:
  lakefs-mlflow verify 0a1b2c3d4e5f60718293a4b5c6d7e8f9
  lakefs-mlflow verify models:/churn@champion
  lakefs-mlflow verify churn-training

Exit code 0 if all tags are right, 1 if something differs or could not be judged.`;

export function verifyCommand(io: Io): Command {
  return new Command('verify')
    .description('Shows which tags of runs are not what they should be.')
    .addArgument(
      new Argument('<what>', 'a run, a model (models:/NAME/VERSION, models:/NAME@ALIAS) or an experiment'),
    )
    .addOption(new Option('--limit <n>', 'list at most n runs that differ').argParser(readCount).default(20))
    .addOption(new Option('--installation <name>', 'which servers, if the settings name several'))
    .addOption(new Option('--json', 'print the answer as JSON'))
    .addHelpText('after', help)
    .action((what: string, options: VerifyCliOptions) => run(io, what, options));
}

async function run(io: Io, given: string, options: VerifyCliOptions): Promise<void> {
  const target = readVerifyTarget(given);
  if (target.kind === 'none') throw new CliError(target.problem, exitCodes.usage);
  const patience = target.kind === 'one' ? 'person' : 'work';
  const access = chooseServer(await io.loadSettings(['lakefs', 'mlflow']), options.installation, patience);
  const line = progressLine(io);
  try {
    const found = await verify(access, Date.now, target, {
      limit: options.limit,
      progress: (runs) => line.show(`${runs.toLocaleString('en')} checked …`),
    });
    line.clear();
    if (options.json === true) printJson(io, found);
    else printBlocks(io, verificationBlocks(found));
    const problem = disagreement(found);
    if (problem !== undefined) throw new CliError(problem);
  } catch (error) {
    line.clear();
    throw error;
  }
}
