import { Argument, Command, Option } from 'commander';
import { createServerFacts } from '../facts/links/server.js';
import { commitBlocks } from '../queries/commit/blocks.js';
import { readCommitLineage } from '../queries/commit/commit.js';
import { pathBlocks } from '../queries/path/blocks.js';
import { readPathLineage } from '../queries/path/path.js';
import { runBlocks } from '../queries/run/blocks.js';
import { codeText, findPieces } from '../queries/run/code/code.js';
import { readRunLineage } from '../queries/run/run.js';
import { whyBlocks } from '../queries/run/why.js';
import { type DataWhat, findPlace } from '../queries/shared/place.js';
import { runOf } from '../queries/shared/run-of.js';
import { readWhat, showWhat } from '../queries/shared/target.js';
import { limitOption, scanOption } from './options.js';
import { CliError, exitCodes, type Io, printBlocks, printJson, progressLine } from './output.js';
import { chooseServer } from './servers.js';

interface LineageOptions {
  readonly scan: number;
  readonly limit: number;
  readonly why?: boolean;
  readonly code?: boolean;
  readonly json?: boolean;
  readonly installation?: string;
}

const help = `
For a run or model: what it read. For a commit, branch or tag: what the commit is,
where its change is now, and who read it. For a path: its history, and who read
each version. --scan and --limit are for data, --why and --code for runs and models.

Needs only the addresses and keys of both servers: no service, no action, no tag.
Nothing is written.

Examples:
  lakefs-mlflow lineage 0a1b2c3d4e5f60718293a4b5c6d7e8f9
  lakefs-mlflow lineage models:/churn@champion
  lakefs-mlflow lineage --why 'https://mlflow.example/#/experiments/1/runs/0a1b…'
  lakefs-mlflow lineage --code 0a1b2c3d4e5f60718293a4b5c6d7e8f9 > load.py
  lakefs-mlflow lineage images/main
  lakefs-mlflow lineage images/main/gold/train

Exit code 0 if there is an answer, even if nothing is known.`;

export function lineageCommand(io: Io): Command {
  return new Command('lineage')
    .description(
      'Shows which lakeFS data an MLflow run or model read, and how that is known; or who read some data.',
    )
    .addArgument(new Argument('<what>', 'a run; models:/NAME/VERSION or @ALIAS; REPOSITORY/REF[/PATH]'))
    .addOption(new Option('--why', 'also show every reference that was found, and what became of it'))
    .addOption(new Option('--code', 'print the Python that loads exactly this data').conflicts('why'))
    .addOption(scanOption())
    .addOption(limitOption("show at most n versions of a path's history", 20))
    .addOption(new Option('--installation <name>', 'which servers, if the settings name several'))
    .addOption(new Option('--json', 'print the answer as JSON'))
    .addHelpText('after', help)
    .action((what: string, options: LineageOptions) => lineage(io, what, options));
}

async function lineage(io: Io, given: string, options: LineageOptions): Promise<void> {
  const what = readWhat(given);
  if (what.kind === 'none') throw new CliError(what.problem, exitCodes.usage);
  if (what.kind === 'data') return dataLineage(io, what, options);
  const access = chooseServer(await io.loadSettings(['lakefs', 'mlflow']), options.installation);
  const found = await readRunLineage(await runOf(what, access.mlflow), access, Date.now);
  const code = options.code === true ? codeText(await findPieces(found, access)) : undefined;
  if (options.json === true) printJson(io, code === undefined ? found : { ...found, code });
  else if (code !== undefined) io.stdout.write(code);
  else printBlocks(io, [...runBlocks(found), ...(options.why === true ? whyBlocks(found) : [])]);
}

async function dataLineage(io: Io, what: DataWhat, options: LineageOptions): Promise<void> {
  if (options.why === true || options.code === true) {
    const option = options.why === true ? '--why' : '--code';
    throw new CliError(`${option} is for runs and models: "${showWhat(what)}" is data`, exitCodes.usage);
  }
  const access = chooseServer(await io.loadSettings(['lakefs', 'mlflow']), options.installation, 'work');
  const facts = createServerFacts(access, Date.now);
  const line = progressLine(io);
  const { scan, limit } = options;
  const ask = { scan, limit, onProgress: (text: string) => line.show(text) };
  try {
    const place = await findPlace(what, facts.sources.installations, options.installation);
    const asked = showWhat(what);
    if (place.path === '') {
      const found = await readCommitLineage(asked, place, facts, ask);
      line.clear();
      return options.json === true ? printJson(io, found) : printBlocks(io, commitBlocks(found));
    }
    const found = await readPathLineage(asked, place, facts, ask);
    line.clear();
    return options.json === true ? printJson(io, found.answer) : printBlocks(io, pathBlocks(found));
  } finally {
    line.clear();
  }
}
