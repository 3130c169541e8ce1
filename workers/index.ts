import { createRunReader } from '../src/facts/run-reader.js';
import { createServerFacts } from '../src/facts/server.js';
import type { JobHandlers } from '../src/queue/types.js';
import { createConsumptionNews } from './consumption-news.js';
import type { ServerAccess, WorkerDependencies } from './dependencies.js';
import { createLap } from './lap.js';
import { linkRun } from './link-run.js';
import { registerCommit } from './register-commit.js';
import { madeCommits } from './sweep-made.js';
import { createSweepMemory } from './sweep-memory.js';
import { versionPages } from './sweep-models.js';
import { sweepRuns } from './sweep-runs.js';
import { createSweepTimer } from './sweep-timer.js';
import { UnknownServerError } from './unknown-server.js';

export interface Jobs {
  readonly handlers: JobHandlers;
  /** Begins to ask for sweeps. */
  start(): void;
  stop(): void;
}

/** Puts the jobs together. One per process: what it remembers is shared by all jobs of a server. */
export function createJobs(dependencies: WorkerDependencies): Jobs {
  const { servers, queues, now, publicUrl, log } = dependencies;
  const known = new Map(servers.map((access) => [access.name, remember(access, dependencies)]));
  const news = createConsumptionNews(queues, now);
  const timer = createSweepTimer({
    servers: [...known.keys()],
    queues,
    intervalMs: dependencies.sweepIntervalMs,
    log,
  });

  function server(name: string) {
    const found = known.get(name);
    if (found === undefined) throw new UnknownServerError(name);
    return found;
  }

  function installation(name: string) {
    for (const { facts } of known.values()) {
      const access = facts.access.installations.find(({ settings }) => settings.name === name);
      if (access !== undefined) return { access, facts };
    }
    return undefined;
  }

  return {
    handlers: {
      'register-commit': (payload, context) =>
        registerCommit(payload, context, { installation, queues, publicUrl }),
      'sweep-runs': (payload, context) => sweepRuns(payload, context, { server, queues, now }),
      'link-run': (payload, context) => linkRun(payload, context, { server, news, now }),
    },
    start: () => timer.start(),
    stop: () => timer.stop(),
  };
}

function remember(access: ServerAccess, { now, lapIntervalMs }: WorkerDependencies) {
  const facts = createServerFacts(access, now);
  return {
    facts,
    reader: createRunReader(access.mlflow, facts.experiments),
    memory: createSweepMemory(facts, lapIntervalMs, now),
    models: createLap(() => versionPages(access.mlflow), lapIntervalMs, now),
    made: createLap(() => madeCommits(facts), lapIntervalMs, now),
  };
}
