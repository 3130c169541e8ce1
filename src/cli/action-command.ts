import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Installation } from '../config/types.js';
import { type BranchChange, type BranchResult, changeBranches } from '../install/change-branch.js';
import { branchNameProblem, chooseBranches, repositoryNameProblem } from '../install/targets.js';
import { createLakefsClient } from '../lakefs/client.js';
import type { LakefsClient } from '../lakefs/types.js';
import { CliError, exitCodes, type Io, print, progressLine, warn } from './output.js';
import { pickInstallation } from './servers.js';

/** What `install` and `uninstall` have in common: options, and changing branches. */
export interface ActionOptions {
  readonly branch?: readonly string[];
  readonly allBranches?: boolean;
  readonly installation?: string;
  readonly json?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface Target {
  readonly installation: Installation;
  readonly lakefs: LakefsClient;
  readonly repository: string;
  readonly branches: readonly string[];
}

export function actionCommand(name: string): Command {
  return new Command(name)
    .addArgument(new Argument('[repository]', 'name of the lakeFS repository'))
    .addOption(new Option('-b, --branch <branches...>', 'branches (default: the default one)'))
    .addOption(new Option('-a, --all-branches', 'all branches that lakeFS lists').conflicts('branch'))
    .addOption(
      new Option(
        '--metadata <key=value>',
        'metadata of the commit, for checks that require it; may be repeated',
      ).argParser(collectMetadata),
    )
    .addOption(new Option('--installation <name>', 'which lakeFS server, if the settings name several'))
    .addOption(new Option('--json', 'print the result as JSON'));
}

/** Commander calls it for each value, with what was collected so far. */
function collectMetadata(
  pair: string,
  collected: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write it as KEY=VALUE, for example ticket=DATA-42.');
  return { ...collected, [pair.slice(0, equals)]: pair.slice(equals + 1) };
}

/** Checks the names before asking any server, then finds repository and branches. */
export async function findTarget(
  io: Io,
  command: string,
  given: string | undefined,
  options: ActionOptions,
): Promise<Target> {
  const name = given?.replace(/^lakefs:\/\//, '').replace(/\/$/, '');
  if (name === undefined) {
    throw new CliError(`name the repository: lakefs-mlflow ${command} REPOSITORY [options]`, exitCodes.usage);
  }
  const problem =
    repositoryNameProblem(name) ?? options.branch?.map(branchNameProblem).find((one) => one !== undefined);
  if (problem !== undefined) throw new CliError(problem, exitCodes.usage);
  const installation = pickInstallation(await io.loadSettings(['lakefs']), options.installation);
  const lakefs = createLakefsClient(installation.lakefs);
  const repository = await lakefs.getRepository(name);
  if (repository.read_only === true) {
    throw new CliError(`repository "${name}" is read-only: nothing can be committed to it`);
  }
  const branches = await chooseBranches(lakefs, repository, {
    branches: options.branch,
    all: options.allBranches,
  });
  return { installation, lakefs, repository: name, branches };
}

/** Throws `CliError` (130) if a person stopped it; `show` prints what was done by then. */
export async function changeAll(
  io: Io,
  { lakefs, repository, branches }: Target,
  { decide, metadata }: Pick<BranchChange, 'decide' | 'metadata'>,
  show: (results: readonly BranchResult[]) => void | Promise<void>,
): Promise<void> {
  const signal = io.interruption();
  const progress = progressLine(io);
  if (branches.length > 1) progress.show(`0 of ${branches.length} branches`);
  let results: BranchResult[] = [];
  try {
    results = await changeBranches({
      ...{ lakefs, repository, branches, decide, metadata, signal },
      onResult: (result, done) => {
        if (branches.length > 1) progress.show(`${done} of ${branches.length} branches: ${result.branch}`);
      },
    });
  } finally {
    progress.clear();
  }
  await show(results);
  if (results.length < branches.length) {
    throw new CliError(
      `stopped after ${results.length} of ${branches.length} branches: run it again for the others`,
      exitCodes.interrupted,
    );
  }
  const bad = results.filter(isBad);
  const [only] = bad;
  if (only === undefined) return;
  throw new CliError(
    results.length === 1
      ? `${only.reason ?? only.outcome}`
      : `failed on ${bad.length} of ${results.length} branches: see the list above`,
  );
}

export function isBad(result: BranchResult): boolean {
  return result.outcome === 'refused' || result.outcome === 'failed';
}

const words: Readonly<Record<BranchResult['outcome'], string>> = {
  installed: 'installed',
  updated: 'updated',
  removed: 'removed',
  current: 'already there and current',
  absent: 'was not there',
  refused: 'refused',
  failed: 'failed',
};

/** A line per branch, reasons below. The reason of a single branch is left to the error line. */
export function printResults(io: Io, results: readonly BranchResult[]): void {
  const width = Math.max(...results.map(({ branch }) => branch.length), 0);
  for (const result of results) {
    const { branch, outcome, commit, reason, warning } = result;
    if (isBad(result) && results.length === 1) continue;
    const at = commit === undefined ? '' : ` by commit ${commit.slice(0, 12)}`;
    io.stdout.write(`  ${branch.padEnd(width)}  ${words[outcome]}${at}\n`);
    if (reason !== undefined) print(io, reason, '      ');
    if (warning !== undefined) warn(io, warning);
  }
}
