import type { Failure } from '../src/domain/common/failure.js';
import type { ServerAccess } from '../src/facts/links/access.js';
import { createServerFacts } from '../src/facts/links/server.js';
import { createRunReader } from '../src/facts/runs/run-reader.js';
import { createOneAtATime } from '../src/queue/run-job.js';
import type { JobHandlers, Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';
import { createRecentDecisions } from './link/decisions.js';
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

export interface Jobs {
  readonly handlers: JobHandlers;
  /** Begins to queue sweeps, and checks of the repositories. */
  start(): void;
  stop(): void;
  /** Repositories that are not followed, because a person deleted their catalog; why, by name. */
  paused(): ReadonlyMap<string, string>;
  /** The next check of a repository reads its catalog again. */
  forget(repository: { readonly installation: string; readonly repository: string }): void;
}

/** A sweep lets other jobs go first for so long, in ms. */
const maxIdleWaitMs = 10_000;

/** Puts the jobs together. One per process: what it remembers is shared by all jobs of a server. */
export function createJobs(dependencies: WorkerDependencies): Jobs {
  const { servers, queues, now, publicUrl, log } = dependencies;
  const known = new Map(servers.map((access) => [access.name, remember(access, dependencies)]));
  const events = createConsumptionEvents(queues, now);
  const idle = createWaitForIdle(queues, {
    atMostMs: Math.min(maxIdleWaitMs, dependencies.sweepIntervalMs),
  });
  const timers = [
    createSweepTimer({
      ...{ servers: [...known.keys()], queues, log },
      intervalMs: dependencies.sweepIntervalMs,
    }),
    createReconcileTimer({
      ...{ installations: servers.flatMap(({ installations }) => installations.all), queues, log },
      intervalMs: dependencies.reconcileIntervalMs,
    }),
  ];
  const oneAtATime = createOneAtATime();
  const memory = createReconcileMemory(dependencies.lapIntervalMs, now);
  const firstScan = createFirstScan(queues, memory);

  function server(name: string) {
    const found = known.get(name);
    if (found === undefined) throw new UnknownServerError(name);
    return found;
  }

  const askForSweep = (name: string): Promise<unknown> => server(name).askForSweep();

  function installation(name: string) {
    for (const { facts } of known.values()) {
      const access = facts.access.installations.named(name);
      if (access !== undefined) return { access, facts, events };
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
        sweepRuns(payload, context, { server, queues, events, waitForIdle: idle.wait, now }),
      // A check beside a recheck would trust marks that the other is about to remove.
      'reconcile-repository': (payload, context) =>
        oneAtATime(repositoryKey(payload), () =>
          reconcileRepository(payload, context, { installation, queues, memory, publicUrl, now, log }),
        ),
      'link-run': (payload, context) => linkRun(payload, context, { server, events, now }),
    },
    start: () => {
      for (const timer of timers) timer.start();
    },
    stop: () => {
      for (const timer of timers) timer.stop();
      idle.stop();
    },
    paused: () => memory.paused,
    forget: (repository) => memory.forget(repositoryKey(repository)),
  };
}

function remember(access: ServerAccess, dependencies: WorkerDependencies) {
  const { queues, now, lapIntervalMs, sweepIntervalMs, log } = dependencies;
  const facts = createServerFacts(access, now);
  const unreadable = createUnreadableRuns(access.name, log, now);
  const late = createLateRuns(now);
  const { onTooLarge, onFailing, onRefused } = unreadable;
  const listeners = { onTooLarge, onFailing, onRefused, onRunsSeen: late.allSeen };
  return {
    facts,
    reader: createRunReader(access.mlflow, facts.experiments, facts.heavy),
    askForSweep: createAskForSweep(queues, access.name, () => access.mlflow.whenFree()),
    history: createSweepHistory(facts, sweepIntervalMs, now),
    settled: createSettledRuns(facts.heavy),
    unreadable,
    late,
    decisions: createRecentDecisions(now),
    runs: createResync(() => resyncSteps(facts, listeners), lapIntervalMs, now),
    models: createResync(() => versionPages(access.mlflow), lapIntervalMs, now),
    produced: createResync(() => producedCommits(facts), lapIntervalMs, now),
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
  /** The full resync of all runs begins this often, in ms. */
  readonly lapIntervalMs: number;
}

/** A job names an MLflow server that the settings no longer have. Replay it once they have it again. */
class UnknownServerError extends Error {
  override readonly name = 'UnknownServerError';
  readonly failure: Failure = { kind: 'permanent' };

  constructor(server: string) {
    super(
      `no installation "${server}" is configured, and jobs name MLflow servers by it: add it to the settings`,
    );
  }
}
