import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { EmbeddedQueueInUseError, type Lock, takeLock } from '../queue/embedded-lock.js';
import { type Children, createChildren, endLeftovers } from './demo/children.js';
import { chooseLakefs } from './demo/lakefs.js';
import { type DemoOptions, play } from './demo/play.js';
import { listenForDemoStop } from './demo/stop.js';
import { CliError, exitCodes, type Io, print } from './output.js';

interface CommandOptions {
  readonly exit?: boolean;
  readonly dir: string;
  readonly clean?: boolean;
  readonly storageNamespace?: string;
}

const help = `
Starts MLflow, lakeFS and the service on this machine's loopback address, commits
data, trains with MLflow's Python client, shows the result and keeps running until
Ctrl-C. It uses the lakeFS that LAKECTL_SERVER_ENDPOINT_URL and its keys name, else
a "lakefs" on the PATH, else a sandbox in memory. The sandbox forgets everything
when it ends, so the next start begins with an empty MLflow.

In a clone of lakefs-mlflow, "npm run demo" sets up everything it needs.`;

const sandboxNotice =
  'There is no "lakefs" on the PATH, so the demo uses a sandbox in memory instead. The sandbox forgets its commits ' +
  "when it ends, so MLflow's data from an earlier start with it is removed.";

/** How long the service may take to register and link everything, in ms. */
const limitMs = 120_000;

export function demoCommand(io: Io): Command {
  return new Command('demo')
    .description('Runs a complete example on this machine, with its own MLflow, lakeFS and service.')
    .addOption(new Option('--exit', 'end after the table; exit code 0 if it is complete'))
    .addOption(new Option('--dir <folder>', 'where the demo keeps its data').default('.lakefs-mlflow/demo'))
    .addOption(new Option('--clean', 'remove the data of earlier starts first'))
    .addOption(
      new Option('--storage-namespace <address>', 'where your lakeFS keeps the data (default: local://)'),
    )
    .addHelpText('after', help)
    .action((options: CommandOptions) => demo(io, options));
}

async function demo(io: Io, options: CommandOptions): Promise<void> {
  const folder = resolve(options.dir);
  const kind = chooseLakefs(io.env);
  const lock = takeFolder(folder);
  const stop = listenForDemoStop();
  const record = join(folder, 'processes.json');
  const closings: (() => Promise<void>)[] = [];
  let children: Children | undefined;
  try {
    print(io, `The demo keeps its data in ${shown(folder)}`);
    const ended = await endLeftovers(record);
    if (ended > 0) print(io, 'Stopped servers that an earlier demo, which was killed, had left running.');
    if (options.clean === true) emptyFolder(folder);
    const place = join(folder, kind.place);
    if (kind.kind === 'sandbox') print(io, sandboxNotice);
    children = createChildren(record);
    const { exit = false, storageNamespace } = options;
    const token =
      (kind.kind === 'given' ? io.env.LAKEFSACTION_BRIDGE_TOKEN : '') || randomBytes(16).toString('hex');
    const settings: DemoOptions = { folder, place, kind, token, storageNamespace, limitMs, exit };
    await play(io, settings, { children, stop, closings });
  } catch (error) {
    // Whatever was running then fails, in many ways.
    if (!stop.signal.aborted) throw error;
    throw new CliError('stopped; the data is kept', exitCodes.interrupted);
  } finally {
    for (const close of closings.reverse()) await close();
    await children?.stop();
    lock.release();
    // A kept-alive connection must not keep the process running.
    setTimeout(() => process.exit(), 500).unref();
  }
}

function shown(folder: string): string {
  const near = relative(process.cwd(), folder);
  return near === '' || near.startsWith('..') ? folder : near;
}

const readme = 'README.txt';
const lockFile = 'demo.lock';
const firstLine = 'Made by "lakefs-mlflow demo".';
const readmeText = `${firstLine}
This folder holds the data and logs of the demo's servers and nothing else. You can
delete it when no demo is running. "lakefs-mlflow demo --clean" empties it first.
`;

/**
 * Creates the demo's folder, or takes over the one of an earlier start; only one demo at a time may have it.
 *
 * @throws CliError if the folder holds something else, or another demo runs in it
 */
export function takeFolder(folder: string): Lock {
  const mark = join(folder, readme);
  if (existsSync(folder) && readdirSync(folder).length > 0 && !isOurs(mark)) {
    throw new CliError(
      `${folder} is not a demo's folder and is not empty: name an empty or new folder with --dir`,
      exitCodes.usage,
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(mark, readmeText);
  try {
    return takeLock(join(folder, lockFile));
  } catch (error) {
    if (!(error instanceof EmbeddedQueueInUseError)) throw error;
    const who = error.holder === undefined ? 'another demo' : `another demo (process ${error.holder.pid})`;
    throw new CliError(`${who} runs in ${folder}: stop it with Ctrl-C, or name another folder with --dir`);
  }
}

/** Removes everything that earlier starts left. Call it with the lock held, after their programs have ended. */
export function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== readme && name !== lockFile) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isOurs(mark: string): boolean {
  return existsSync(mark) && readFileSync(mark, 'utf8').startsWith(firstLine);
}
