import { Argument, Command, Option } from 'commander';
import { ourTag } from '../contract/tags.js';
import { coverageBlocks, shortText } from '../queries/coverage/blocks.js';
import { readCoverage } from '../queries/coverage/coverage.js';
import { readCoverageTarget, readSince } from '../queries/coverage/target.js';
import { readCount, readPercent } from './options.js';
import { CliError, exitCodes, type Io, printBlocks, printJson, progressLine } from './output.js';
import { chooseServer } from './servers.js';

interface CoverageCliOptions {
  readonly min?: number;
  readonly since?: string;
  readonly limit?: number;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
Counts active runs of active experiments, except those of the catalog, of
experiments that the settings exclude, and those tagged ${ourTag.ignore}. A run is
covered if every one of its links is certain: declared, exact or resolved.
Nothing is written.

Examples:
  lakefs-mlflow coverage
  lakefs-mlflow coverage churn-training --since 30d --min 95
  lakefs-mlflow coverage models:/churn
  lakefs-mlflow coverage --limit 1000 --json

Exit code 0 if there is an answer, 1 if --min is not met.`;

export function coverageCommand(io: Io): Command {
  return new Command('coverage')
    .description('Counts how many runs have known data, and says how to fix the others.')
    .addArgument(new Argument('[what]', 'an experiment (name or id) or models:/NAME; default: all runs'))
    .addOption(
      new Option('--min <percent>', 'exit with 1 if fewer are covered, for CI').argParser(readPercent),
    )
    .addOption(new Option('--since <time>', 'count only runs started since: 7d, 24h, 2026-11-01'))
    .addOption(new Option('--limit <n>', 'count only the newest n').argParser(readCount))
    .addOption(new Option('--installation <name>', 'which servers, if the settings name several'))
    .addOption(new Option('--json', 'print the answer as JSON'))
    .addHelpText('after', help)
    .action((what: string | undefined, options: CoverageCliOptions) => coverage(io, what, options));
}

async function coverage(io: Io, given: string | undefined, options: CoverageCliOptions): Promise<void> {
  const target = readCoverageTarget(given);
  if (target.kind === 'none') throw new CliError(target.problem, exitCodes.usage);
  const since = options.since === undefined ? undefined : readSince(options.since, Date.now());
  if (options.since !== undefined && since === undefined) {
    throw new CliError(
      `--since "${options.since}" is not a time: try 7d, 24h or 2026-11-01`,
      exitCodes.usage,
    );
  }
  const access = chooseServer(await io.loadSettings(['lakefs', 'mlflow']), options.installation, 'work');
  const line = progressLine(io);
  try {
    const found = await readCoverage(access, Date.now, target, {
      since,
      limit: options.limit,
      min: options.min,
      progress: (runs) => line.show(`${runs.toLocaleString('en')} checked …`),
    });
    line.clear();
    if (options.json === true) printJson(io, found);
    else printBlocks(io, coverageBlocks(found));
    const short = shortText(found);
    if (short !== undefined) throw new CliError(short);
  } catch (error) {
    line.clear();
    throw error;
  }
}
