import { randomBytes } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Children, createChildren, endLeftovers } from './demo/children.js';
import { emptyFolder, takeFolder } from './demo/folder.js';
import { chooseLakefs } from './demo/lakefs-kind.js';
import { type DemoOptions, play } from './demo/play.js';
import { listenForStop } from './demo/stop.js';
import { CliError, exitCodes, type Io, print } from './output.js';

interface CommandOptions {
  readonly exit?: boolean;
  readonly dir: string;
  readonly clean?: boolean;
  readonly storageNamespace?: string;
}

const help = `
Starts MLflow, a lakeFS and the service on this machine's loopback address,
commits data, trains with MLflow's Python client and shows the result, until
Ctrl-C. It uses the lakeFS that LAKECTL_SERVER_ENDPOINT_URL and its keys name, else
a "lakefs" on the PATH, else a sandbox in memory. The sandbox forgets everything
when it ends, so the next start begins with an empty MLflow.

In a clone of lakefs-mlflow, "npm run demo" sets up everything it needs.`;

const sandboxNotice =
  'There is no "lakefs" on the PATH, so a sandbox in memory stands in for lakeFS. It forgets its commits when it ' +
  "ends, so MLflow's data from an earlier start with the sandbox is removed.";

/** How long the service may take until all is registered and linked, in ms. */
const limitMs = 120_000;

export function demoCommand(io: Io): Command {
  return new Command('demo')
    .description('Runs a complete example on this machine, with its own MLflow, lakeFS and service.')
    .addOption(new Option('--exit', 'end after the table, with exit code 0 if it is complete'))
    .addOption(new Option('--dir <folder>', 'where the demo keeps its data').default('.lakefs-mlflow/demo'))
    .addOption(new Option('--clean', 'remove the data of earlier starts first'))
    .addOption(
      new Option(
        '--storage-namespace <address>',
        'where your lakeFS is to keep the data (default: local://)',
      ),
    )
    .addHelpText('after', help)
    .action((options: CommandOptions) => demo(io, options));
}

async function demo(io: Io, options: CommandOptions): Promise<void> {
  const folder = resolve(options.dir);
  const kind = chooseLakefs(io.env);
  const lock = takeFolder(folder);
  const stop = listenForStop();
  const record = join(folder, 'processes.json');
  const closings: (() => Promise<void>)[] = [];
  let children: Children | undefined;
  try {
    print(io, `The demo keeps its data in ${shown(folder)}`);
    const ended = await endLeftovers(record);
    if (ended > 0) print(io, 'Ended servers that an earlier, killed demo had left running.');
    if (options.clean === true) emptyFolder(folder);
    const place = join(folder, kind.place);
    if (kind.kind === 'sandbox') print(io, sandboxNotice);
    children = createChildren(record);
    const { exit = false, storageNamespace } = options;
    const token =
      (kind.kind === 'given' ? io.env.LAKEFSACTION_BRIDGE_TOKEN : '') || randomBytes(16).toString('hex');
    const told: DemoOptions = { folder, place, kind, token, storageNamespace, limitMs, exit };
    await play(io, told, { children, stop, closings });
  } catch (error) {
    // What was under way ends with errors of many kinds then.
    if (!stop.signal.aborted) throw error;
    throw new CliError('stopped; what it has kept is still there', exitCodes.interrupted);
  } finally {
    for (const close of closings.reverse()) await close();
    await children?.stop();
    lock.release();
    // A connection that is kept alive must not keep the process.
    setTimeout(() => process.exit(), 500).unref();
  }
}

function shown(folder: string): string {
  const near = relative(process.cwd(), folder);
  return near === '' || near.startsWith('..') ? folder : near;
}
