import { createServerFacts } from '../src/facts/links/server.js';
import { createRunReader } from '../src/facts/runs/run-reader.js';
import { createOneAtATime } from '../src/queue/one-at-a-time.js';
import type { JobHandlers } from '../src/queue/types.js';
import { createAskForSweep } from './ask-for-sweep.js';
import { lapSteps } from './catalog-resync.js';
import { createConsumptionNews } from './consumption-events.js';
import type { ServerAccess, WorkerDependencies } from './dependencies.js';
import { createFirstLook } from './first-scan.js';
import { createLap } from './full-resync.js';
import { createLargeRuns } from './large-runs.js';
import { createLateRuns } from './late-runs.js';
import { linkRun } from './link-run.js';
import { createReconcileMemory, repositoryKey } from './reconcile-memory.js';
import { reconcileRepository } from './reconcile-repository.js';
import { createReconcileTimer } from './reconcile-timer.js';
import { registerCommit } from './register-commit.js';
import { createSettledRuns } from './settled-runs.js';
import { createSweepMemory } from './sweep-memory.js';
import { versionPages } from './sweep-models.js';
import { madeCommits } from './sweep-produced.js';
import { sweepRuns } from './sweep-runs.js';
import { createSweepTimer } from './sweep-timer.js';
import { UnknownServerError } from './unknown-server.js';
import { createUntilQuiet } from './wait-for-idle.js';

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
const maxQuietMs = 10_000;

/** Puts the jobs together. One per process: what it remembers is shared by all jobs of a server. */
export function createJobs(dependencies: WorkerDependencies): Jobs {
  const { servers, queues, now, publicUrl, log } = dependencies;
  const known = new Map(servers.map((access) => [access.name, remember(access, dependencies)]));
  const news = createConsumptionNews(queues, now);
  const quiet = createUntilQuiet(queues, {
    atMostMs: Math.min(maxQuietMs, dependencies.sweepIntervalMs),
  });
  const timer = createSweepTimer({
    servers: [...known.keys()],
    queues,
    intervalMs: dependencies.sweepIntervalMs,
    log,
  });
  const oneLook = createOneAtATime();
  const memory = createReconcileMemory(dependencies.lapIntervalMs, now);
  const firstLook = createFirstLook(queues, memory);
  const reconcileTimer = createReconcileTimer({
    installations: servers.flatMap(({ installations }) => installations),
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
      const access = facts.access.installations.find(({ settings }) => settings.name === name);
      if (access !== undefined) return { access, facts, news };
    }
    return undefined;
  }

  return {
    handlers: {
      'register-commit': async (payload, context) => {
        const isHook = payload.news === 'commit' && installation(payload.installation) !== undefined;
        if (isHook) await firstLook(payload);
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
  const large = createLargeRuns(access.name, log, now);
  const late = createLateRuns(now);
  const { onTooLarge, onFailing, onRefused } = large;
  const listeners = { onTooLarge, onFailing, onRefused, onRunsSeen: late.allSeen };
  return {
    facts,
    reader: createRunReader(access.mlflow, facts.experiments, facts.heavy),
    askForSweep: createAskForSweep(queues, access.name, () => access.mlflow.whenFree()),
    memory: createSweepMemory(facts, sweepIntervalMs, now),
    settled: createSettledRuns(facts.heavy),
    large,
    late,
    lap: createLap(() => lapSteps(facts, listeners), lapIntervalMs, now),
    models: createLap(() => versionPages(access.mlflow), lapIntervalMs, now),
    made: createLap(() => madeCommits(facts), lapIntervalMs, now),
  };
}
