import { Argument, Command, Option } from 'commander';
import { jobTitle } from '../dashboard/job-text.js';
import { count } from '../domain/common/text.js';
import type { FailedJob, Replayed } from '../queue/job-admin.js';
import type { Desk } from './admin/admin.js';
import { atDesk } from './admin/find-admin.js';
import { CliError, exitCodes, type Io, print, printJson } from './output.js';

interface ReplayOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

const help = `
A job that failed for good stays here with its reason. Fix the cause, then replay
it: it gets all its attempts again. A success takes it off the list. With --all, jobs
that wait for their next try (because a server was away, say) run now as well.

Examples:
  lakefs-mlflow replay              list what failed
  lakefs-mlflow replay --all
  lakefs-mlflow replay register-commit_c34273a44e6b680fc4e08614_0011223344556677`;

/** So many are listed; the dashboard has them all. */
const listed = 1_000;

export function replayCommand(io: Io): Command {
  return new Command('replay')
    .description('Retries failed jobs; without an argument it lists them.')
    .addArgument(new Argument('[job]', 'its id'))
    .addOption(new Option('--all', 'every failed job, and every job that waits for its next try'))
    .addOption(new Option('--json', 'print the result as JSON'))
    .addHelpText('after', help)
    .action((job: string | undefined, options: ReplayOptions) => replay(io, job, options));
}

async function replay(io: Io, job: string | undefined, options: ReplayOptions): Promise<void> {
  if (job !== undefined && options.all === true) {
    throw new CliError('give one job id, or --all', exitCodes.usage);
  }
  const settings = await io.loadSettings([]);
  const wanted = options.all === true ? 'all' : job;
  await atDesk(settings, (desk) =>
    wanted === undefined ? list(io, desk, options) : tryAnew(io, desk, wanted, options),
  );
}

async function list(io: Io, desk: Desk, { json }: ReplayOptions): Promise<void> {
  const { total, jobs } = await desk.failed(listed);
  if (json === true) {
    const failed = jobs.map(({ failedAt, ...job }) => ({
      ...job,
      failedAt: new Date(failedAt).toISOString(),
    }));
    printJson(io, { total, failed });
    return;
  }
  if (total === 0) {
    print(io, `No job has failed (${desk.where}).`);
    return;
  }
  for (const failed of jobs) {
    print(io, `${titleOf(failed)}, failed ${new Date(failed.failedAt).toISOString()}`);
    print(io, failed.reason, '  ');
    print(io, failed.id, '  ');
  }
  if (total > jobs.length) print(io, `and ${(total - jobs.length).toLocaleString('en')} more`);
  print(io);
  print(io, 'Replay one by its id, or all: lakefs-mlflow replay --all');
}

async function tryAnew(io: Io, desk: Desk, wanted: string, { json }: ReplayOptions): Promise<void> {
  const done = await desk.replay(wanted);
  if (json === true) printJson(io, wanted === 'all' ? done : { replayed: done.replayed });
  if (done.replayed.length === 0 && wanted !== 'all') {
    throw new CliError(`no failed job ${wanted}: "lakefs-mlflow replay" lists the failed ones`);
  }
  if (json !== true)
    print(io, wanted === 'all' ? textOfAll(done, desk) : `The job will run again${unless(desk)}.`);
}

function textOfAll({ replayed, broughtForward }: Replayed, desk: Desk): string {
  const [failed, waiting] = [replayed.length, broughtForward];
  if (failed === 0 && waiting === 0) return 'No job has failed, and none is waiting for its next try.';
  const retried = failed === 0 ? 'No job has failed' : `${count(failed, 'failed job')} will be retried`;
  if (waiting === 0) return `${retried}${unless(desk)}.`;
  const verb = waiting === 1 ? 'was' : 'were';
  return `${retried}; ${count(waiting, 'job')} that ${verb} waiting for the next try can run now${unless(desk)}.`;
}

function unless({ works }: Desk): string {
  return works ? '' : ', as soon as a service runs (none is running here)';
}

function titleOf({ kind, payload }: FailedJob): string {
  return jobTitle({ name: kind, data: payload });
}
