import type { ServerAccess } from '../src/facts/links/access.js';
import { createServerFacts } from '../src/facts/links/server.js';
import { createRunReader } from '../src/facts/runs/run-reader.js';
import { createOneAtATime } from '../src/queue/run-job.js';
import type { JobHandlers, Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';
import { linkRun } from './link-run.js';
import { createReconcileMemory, repositoryKey } from './reconcile/pass.js';
import { reconcileRepository } from './reconcile-repository.js';
import { createConsumptionEvents } from './register/consumption-events.js';
import { registerCommit } from './register-commit.js';
import { createResync } from './sweep/full-resync.js';
import { createLateRuns } from './sweep/late-runs.js';
import { createSettledRuns, createUnreadableRuns } from './sweep/left-out.js';
import { versionPages } from './sweep/models.js';
import { producedCommits } from './sweep/others.js';
import { createSweepHistory, createWaitForIdle } from './sweep/pace.js';
import { resyncSteps } from './sweep/resync-steps.js';
import { sweepRuns } from './sweep-runs.js';
import { createAskForSweep, createFirstScan, createReconcileTimer, createSweepTimer } from './triggers.js';
import { UnknownServerError } from './unknown-server.js';

export interface Jobs {
  readonly handlers: JobHandlers;
  /** Begins to ask for sweeps, and for looks at the repositories. */
  start(): void;
  stop(): void;
  /** Repositories that are not followed, because a person has put their catalog away; why, by name. */
  paused(): ReadonlyMap<string, string>;
  /** The next look at a repository reads its catalog anew. */
  forget(repository: { readonly installation: string; readonly repository: string }): void;
}

/** A sweep lets other jobs go first for so long, in ms. */
const maxIdleWaitMs = 10_000;

/** Puts the jobs together. One per process: what it remembers is shared by all jobs of a server. */
export function createJobs(dependencies: WorkerDependencies): Jobs {
  const { servers, queues, now, publicUrl, log } = dependencies;
  const known = new Map(servers.map((access) => [access.name, remember(access, dependencies)]));
  const news = createConsumptionEvents(queues, now);
  const quiet = createWaitForIdle(queues, {
    atMostMs: Math.min(maxIdleWaitMs, dependencies.sweepIntervalMs),
  });
  const timer = createSweepTimer({
    servers: [...known.keys()],
    queues,
    intervalMs: dependencies.sweepIntervalMs,
    log,
  });
  const oneLook = createOneAtATime();
  const memory = createReconcileMemory(dependencies.lapIntervalMs, now);
  const firstScan = createFirstScan(queues, memory);
  const reconcileTimer = createReconcileTimer({
    installations: servers.flatMap(({ installations }) => installations.all),
    queues,
    intervalMs: dependencies.reconcileIntervalMs,
    log,
  });

  function server(name: string) {
    const found = known.get(name);
    if (found === undefined) throw new UnknownServerError(name);
    return found;
  }

  const askForSweep = (name: string): Promise<unknown> => server(name).askForSweep();

  function installation(name: string) {
    for (const { facts } of known.values()) {
      const access = facts.access.installations.named(name);
      if (access !== undefined) return { access, facts, news };
    }
    return undefined;
  }

  return {
    handlers: {
      'register-commit': async (payload, context) => {
        const isHook = payload.news === 'commit' && installation(payload.installation) !== undefined;
        if (isHook) await firstScan(payload);
        return registerCommit(payload, context, { installation, queues, askForSweep, publicUrl });
      },
      'sweep-runs': (payload, context) =>
        sweepRuns(payload, context, { server, queues, news, quiet: quiet.wait, now }),
      // A look beside a recheck would trust marks that the other is about to take away.
      'reconcile-repository': (payload, context) =>
        oneLook(repositoryKey(payload), () =>
          reconcileRepository(payload, context, { installation, queues, memory, publicUrl, now, log }),
        ),
      'link-run': (payload, context) => linkRun(payload, context, { server, news, now }),
    },
    start: () => {
      timer.start();
      reconcileTimer.start();
    },
    stop: () => {
      timer.stop();
      reconcileTimer.stop();
      quiet.stop();
    },
    paused: () => memory.paused,
    forget: (repository) => memory.forget(repositoryKey(repository)),
  };
}

function remember(access: ServerAccess, dependencies: WorkerDependencies) {
  const { queues, now, lapIntervalMs, sweepIntervalMs, log } = dependencies;
  const facts = createServerFacts(access, now);
  const large = createUnreadableRuns(access.name, log, now);
  const late = createLateRuns(now);
  const { onTooLarge, onFailing, onRefused } = large;
  const listeners = { onTooLarge, onFailing, onRefused, onRunsSeen: late.allSeen };
  return {
    facts,
    reader: createRunReader(access.mlflow, facts.experiments, facts.heavy),
    askForSweep: createAskForSweep(queues, access.name, () => access.mlflow.whenFree()),
    memory: createSweepHistory(facts, sweepIntervalMs, now),
    settled: createSettledRuns(facts.heavy),
    large,
    late,
    lap: createResync(() => resyncSteps(facts, listeners), lapIntervalMs, now),
    models: createResync(() => versionPages(access.mlflow), lapIntervalMs, now),
    made: createResync(() => producedCommits(facts), lapIntervalMs, now),
  };
}

/** Everything that the jobs use, handed over by `src/main.ts` and the tests. */
export interface WorkerDependencies {
  readonly servers: readonly ServerAccess[];
  readonly queues: Queues;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  /** Where people reach us, without a closing slash. */
  readonly publicUrl: string;
  /** Sweeps are asked for this often, in ms. */
  readonly sweepIntervalMs: number;
  /** Branch heads are compared with the catalog this often, in ms. */
  readonly reconcileIntervalMs: number;
  /** The slow lap over all runs begins this often, in ms. */
  readonly lapIntervalMs: number;
}
