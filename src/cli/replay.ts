import { Argument, Command, Option } from 'commander';
import { jobTitle } from '../dashboard/job-text.js';
import { count } from '../domain/common/text.js';
import type { FailedJob, Replayed } from '../queue/job-admin.js';
import type { Admin } from './admin/admin.js';
import { withAdmin } from './admin/find-admin.js';
import { CliError, exitCodes, type Io, print, printJson } from './output.js';

interface ReplayOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

const help = `
Failed jobs stay in this list with their reason. Fix the cause, then replay the
job: it gets all its attempts again, and leaves the list when it succeeds. With
--all, jobs that wait for their next attempt (because a server was down, for
example) run now as well.

Examples:
  lakefs-mlflow replay              list failed jobs
  lakefs-mlflow replay --all
  lakefs-mlflow replay register-commit_c34273a44e6b680fc4e08614_0011223344556677`;

/** The dashboard lists all of them. */
const listed = 1_000;

export function replayCommand(io: Io): Command {
  return new Command('replay')
    .description('Retries failed jobs; without an argument it lists them.')
    .addArgument(new Argument('[job]', 'its id'))
    .addOption(new Option('--all', 'every failed job, and every job that waits for its next attempt'))
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
  await withAdmin(settings, (admin) =>
    wanted === undefined ? list(io, admin, options) : retry(io, admin, wanted, options),
  );
}

async function list(io: Io, admin: Admin, { json }: ReplayOptions): Promise<void> {
  const { total, jobs } = await admin.failed(listed);
  if (json === true) {
    const failed = jobs.map(({ failedAt, ...job }) => ({
      ...job,
      failedAt: new Date(failedAt).toISOString(),
    }));
    printJson(io, { total, failed });
    return;
  }
  if (total === 0) {
    print(io, `No job has failed (${admin.where}).`);
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

async function retry(io: Io, admin: Admin, wanted: string, { json }: ReplayOptions): Promise<void> {
  const done = await admin.replay(wanted);
  if (json === true) printJson(io, wanted === 'all' ? done : { replayed: done.replayed });
  if (done.replayed.length === 0 && wanted !== 'all') {
    throw new CliError(`no failed job ${wanted}: "lakefs-mlflow replay" lists the failed ones`);
  }
  if (json !== true)
    print(io, wanted === 'all' ? textOfAll(done, admin) : `The job will run again${unless(admin)}.`);
}

function textOfAll({ replayed, broughtForward }: Replayed, admin: Admin): string {
  const [failed, waiting] = [replayed.length, broughtForward];
  if (failed === 0 && waiting === 0) return 'No job has failed, and none is waiting for its next attempt.';
  const retried = failed === 0 ? 'No job has failed' : `${count(failed, 'failed job')} will be retried`;
  if (waiting === 0) return `${retried}${unless(admin)}.`;
  const verb = waiting === 1 ? 'was' : 'were';
  return `${retried}; ${count(waiting, 'job')} that ${verb} waiting for the next attempt can run now${unless(admin)}.`;
}

function unless({ works }: Admin): string {
  return works ? '' : ', as soon as a service runs (none is running here)';
}

function titleOf({ kind, payload }: FailedJob): string {
  return jobTitle({ name: kind, data: payload });
}
