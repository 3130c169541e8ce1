import { CliError, type Io, print } from '../output.js';
import type { Child } from './children.js';
import type { LakefsKind } from './lakefs.js';
import { type Outcome, reasonForLeaving, waitForOutcome } from './outcome.js';
import { printReport } from './report.js';
import { playScenario, scenarioSteps } from './scenario.js';
import { type DemoServers, type Held, serverSteps, startServers } from './servers.js';
import { createSteps } from './steps.js';
import { type Stop, Stopped } from './stop.js';

export interface DemoOptions {
  readonly folder: string;
  /** The part of the folder that belongs to this lakeFS. */
  readonly place: string;
  readonly kind: LakefsKind;
  /** What lakeFS sends with each event. */
  readonly token: string;
  readonly storageNamespace: string | undefined;
  /** How long the service may take to register and link everything, in ms. */
  readonly limitMs: number;
  readonly exit: boolean;
}

/**
 * The whole demo, from the first server to the last line. Resolves once a person stops it, if the table is complete.
 *
 * @throws Stopped if a person stops it earlier
 * @throws CliError that says what is missing
 */
export async function play(io: Io, options: DemoOptions, held: Held): Promise<void> {
  const { folder, limitMs, exit } = options;
  const { stop } = held;
  const steps = createSteps(io, serverSteps + scenarioSteps + 1, {
    signal: stop.signal,
    now: () => performance.now(),
  });
  const servers = await startServers(io, steps, options, held);
  const scenario = await playScenario(io, steps, options, servers, held);
  const outcome = await steps.run('Wait for lakefs-mlflow', async (say) => {
    const seen = await stop.race(waitForOutcome(servers.access, scenario, limitMs, stop.signal));
    say(summary(seen));
    return seen;
  });
  const unlinked = outcome.runs.filter(({ commit }) => commit === undefined);
  const reasons = await Promise.all(
    unlinked.map(async ({ id }) => [id, await reasonForLeaving(servers.access, id)] as const),
  );
  printReport(io, {
    ...{
      outcome,
      folder,
      repository: scenario.repository,
      lakefs: servers.lakefs,
      mlflowUrl: servers.mlflowUrl,
    },
    ...{ reasons: new Map(reasons), serviceUrl: servers.service.running.address },
  });
  const { missing } = outcome;
  if (missing.length > 0) print(io, `\nNot complete after ${limitMs / 1000} s:\n  ${missing.join('\n  ')}`);
  print(io);
  if (exit) print(io, 'Stopping the servers. Without --exit they keep running, so that you can look around.');
  else await stayUp(io, servers, stop);
  if (missing.length > 0) {
    throw new CliError(
      `the table is not complete: ${missing[0]}; for details see the logs in ${options.place}`,
    );
  }
}

function summary({ commits, runs }: Outcome): string {
  const registered = commits.filter((commit) => commit.registered).length;
  const linked = runs.filter(({ evidence }) => evidence !== undefined).length;
  return `${registered} commits registered, ${linked} runs linked`;
}

/** Until Ctrl-C, or until a server ends by itself. */
async function stayUp(io: Io, { processes }: DemoServers, stop: Stop): Promise<void> {
  print(io, 'The servers keep running. Stop them with Ctrl-C; the data is kept.');
  const endings = processes.map(async (child): Promise<Child> => {
    await child.ended;
    return child;
  });
  try {
    // The sandbox is no process of its own.
    const child = await stop.race(endings.length > 0 ? Promise.race(endings) : new Promise<never>(() => {}));
    throw new CliError(`${child.name} ended (${child.ending()}). Its last lines:\n${child.lastWords()}`);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    print(io, '\nStopping.');
  }
}
