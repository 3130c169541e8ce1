import { setTimeout as sleep } from 'node:timers/promises';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { connectServers } from '../connect.js';
import { matches } from '../domain/common/globs.js';
import { count } from '../domain/common/text.js';
import { repositoryNameProblem } from '../install/targets.js';
import type { Admin, RepositoryName } from './admin/admin.js';
import { withAdmin } from './admin/find-admin.js';
import { type BackfillPlan, planBackfill } from './backfill-plan.js';
import { CliError, exitCodes, type Io, print, printJson, progressLine } from './output.js';
import { pickInstallation } from './servers.js';

interface BackfillOptions {
  readonly ref?: readonly string[];
  readonly since?: number;
  readonly limit?: number;
  readonly dryRun?: boolean;
  readonly wait: boolean;
  readonly installation?: string;
  readonly json?: boolean;
}

const help = `
The service follows a repository from the time it first checks it. This command
registers what came before: all commits missing from the catalog, oldest first,
after all other work of the service. It can be interrupted and repeated: existing
entries are not created again, and what a person deleted stays deleted.

Examples:
  lakefs-mlflow backfill images
  lakefs-mlflow backfill images --ref main --since 2026-01-01
  lakefs-mlflow backfill images --limit 100 --dry-run`;

export function backfillCommand(io: Io): Command {
  return new Command('backfill')
    .description('Registers the older commits of a repository in the catalog.')
    .addArgument(new Argument('<repository>', 'name of the lakeFS repository'))
    .addOption(new Option('--ref <refs...>', 'branches, tags or commits (default: all watched branches)'))
    .addOption(new Option('--since <date>', 'only commits from this day or later').argParser(readDate))
    .addOption(new Option('--limit <number>', 'only the newest n').argParser(readNumber))
    .addOption(new Option('--dry-run', 'only say how many'))
    .addOption(new Option('--no-wait', 'do not wait until they are registered'))
    .addOption(new Option('--installation <name>', 'which lakeFS server, if the settings name several'))
    .addOption(new Option('--json', 'print the result as JSON'))
    .addHelpText('after', help)
    .action((repository: string, options: BackfillOptions) => backfill(io, repository, options));
}

async function backfill(io: Io, given: string, options: BackfillOptions): Promise<void> {
  const repository = given.replace(/^lakefs:\/\//, '').replace(/\/$/, '');
  const problem = repositoryNameProblem(repository);
  if (problem !== undefined) throw new CliError(problem, exitCodes.usage);
  const settings = await io.loadSettings();
  const installation = pickInstallation(settings, options.installation);
  if (!matches(installation.repositories, repository)) {
    throw new CliError(
      `repository "${repository}" is not watched: see the setting REPOSITORIES`,
      exitCodes.usage,
    );
  }
  const line = progressLine(io);
  const signal = io.interruption();
  const name: RepositoryName = { installation: installation.name, repository };
  const servers = connectServers([installation]);
  try {
    line.show('reading the history');
    const plan = await planBackfill(servers, repository, options, signal);
    const { missing } = plan;
    if (options.dryRun === true || missing.length === 0) return report(io, plan, {}, options);
    const result = await withAdmin(settings, async (admin): Promise<Result> => {
      const queued = await queueAll(admin, name, plan, signal, line);
      if (!admin.works || !options.wait) return { queued, works: admin.works };
      await waitForAll(admin, missing.length, signal, line);
      const left = (await planBackfill(servers, repository, options, signal)).missing.length;
      return { queued, works: true, left };
    });
    line.clear();
    report(io, plan, result, options);
    if ((result.left ?? 0) > 0) {
      throw new CliError(
        `${count(result.left ?? 0, 'commit')} could not be registered: "lakefs-mlflow replay" says why`,
      );
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CliError(
      'interrupted: what was queued will still be registered; run it again for the rest',
      exitCodes.interrupted,
    );
  } finally {
    line.clear();
  }
}

const batch = 500;

async function queueAll(
  admin: Admin,
  repository: RepositoryName,
  { missing }: BackfillPlan,
  signal: AbortSignal,
  line: ReturnType<typeof progressLine>,
): Promise<number> {
  let queued = 0;
  for (let start = 0; start < missing.length; start += batch) {
    signal.throwIfAborted();
    line.show(bar('queued', start, missing.length));
    queued += (await admin.register(repository, missing.slice(start, start + batch))).queued;
  }
  return queued;
}

const pollMs = 500;

/** If the queue has other commits too, this waits for them as well. */
async function waitForAll(
  admin: Admin,
  total: number,
  signal: AbortSignal,
  line: ReturnType<typeof progressLine>,
): Promise<void> {
  for (;;) {
    const { waiting, active, delayed } = (await admin.counts())['register-commit'];
    const left = waiting + active + delayed;
    if (left === 0) return;
    line.show(bar('registered', Math.max(0, total - left), total));
    await sleep(pollMs, undefined, { signal });
  }
}

const barWidth = 24;

function bar(what: string, done: number, total: number): string {
  const filled = Math.floor((barWidth * done) / total);
  const numbers = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${what} ${numbers}`;
}

interface Result {
  /** New in the queue. */
  readonly queued?: number;
  /** False if no service runs here to register them. */
  readonly works?: boolean;
  /** Still missing afterwards; undefined without waiting. */
  readonly left?: number;
}

function report(
  io: Io,
  { commits, present, hidden, missing }: BackfillPlan,
  { queued = 0, works = true, left }: Result,
  { json, dryRun }: BackfillOptions,
): void {
  if (json === true) {
    const registered = left === undefined ? null : missing.length - left;
    printJson(io, { commits, present, hidden, missing: missing.length, queued, registered });
    return;
  }
  const there = `${present.toLocaleString('en')} of ${count(commits, 'commit')} were in the catalog already`;
  const kept = hidden === 0 ? '' : `; ${hidden.toLocaleString('en')} that a person deleted stay deleted`;
  print(io, `${there}${kept}.`);
  if (missing.length === 0) return;
  const number = count(missing.length, 'commit');
  if (dryRun === true) print(io, `${number} would be registered.`);
  else if (left !== undefined) print(io, `${count(missing.length - left, 'commit')} registered.`);
  else print(io, `${number} queued${works ? '' : '; no service runs here, so they wait for one'}.`);
}

function readNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return number;
}

/** Unix seconds. A day is meant in UTC. */
function readDate(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d(T.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('It must be a day such as 2026-01-31, or a time (ISO 8601).');
  return Math.floor(ms / 1_000);
}
