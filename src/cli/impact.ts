import { Argument, Command, Option } from 'commander';
import { createServerFacts } from '../facts/links/server.js';
import { impactBlocks } from '../queries/impact/blocks.js';
import { impactCsv } from '../queries/impact/csv.js';
import { readImpact } from '../queries/impact/impact.js';
import { readWhat } from '../queries/shared/target.js';
import { limitOption, scanOption } from './options.js';
import { CliError, exitCodes, type Io, printBlocks, printJson, progressLine } from './output.js';
import { chooseServer } from './servers.js';

interface ImpactOptions {
  readonly scan: number;
  readonly limit: number;
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
For a commit: who read what it changed, until that was reverted. For a branch: the
same for its own commits. For a path: who read the bytes that are there at that
commit, tag or branch. Content is compared, so squash merges and cherry-picks
count. Needs only the addresses and keys of both servers: no service, no action,
no tag. Nothing is written.

Examples:
  lakefs-mlflow impact images/1a2b3c4d5e6f
  lakefs-mlflow impact images/main~1/gold/train
  lakefs-mlflow impact images/experiment-7
  lakefs-mlflow impact --csv images/1a2b3c4d5e6f > impact.csv

Exit code 0 if there is an answer, even if no run is known.`;

export function impactCommand(io: Io): Command {
  return new Command('impact')
    .description('Shows which runs and models a commit, branch or path of lakeFS reached.')
    .addArgument(new Argument('<what>', 'REPOSITORY/REF or REPOSITORY/REF/PATH'))
    .addOption(scanOption())
    .addOption(limitOption('read and compare at most n commits', 1_000))
    .addOption(new Option('--installation <name>', 'which servers, if the settings name several'))
    .addOption(new Option('--csv', 'print the answer as CSV').conflicts('json'))
    .addOption(new Option('--json', 'print the answer as JSON'))
    .addHelpText('after', help)
    .action((what: string, options: ImpactOptions) => impact(io, what, options));
}

async function impact(io: Io, given: string, options: ImpactOptions): Promise<void> {
  const what = readWhat(given);
  if (what.kind === 'none') throw new CliError(what.problem, exitCodes.usage);
  if (what.kind !== 'data') {
    throw new CliError(
      `"${given}" is a run or a model, and impact needs data: REPOSITORY/REF or REPOSITORY/REF/PATH, for example ` +
        'images/main (for what a run or model read: lakefs-mlflow lineage)',
      exitCodes.usage,
    );
  }
  const access = chooseServer(await io.loadSettings(['lakefs', 'mlflow']), options.installation, 'work');
  const progress = progressLine(io);
  try {
    const found = await readImpact(what, createServerFacts(access, Date.now), {
      ...{ installation: options.installation, scan: options.scan, limit: options.limit },
      onProgress: (text) => progress.show(text),
    });
    progress.clear();
    if (options.json === true) printJson(io, found.answer);
    else if (options.csv === true) io.stdout.write(impactCsv(found.answer));
    else printBlocks(io, impactBlocks(found));
  } finally {
    progress.clear();
  }
}
