import type { LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFastServer } from '../hooks/fast-server.js';
import { createHookRoutes } from '../hooks/receive.js';
import { createJobs, type Jobs } from '../workers/index.js';
import { answerRoutes } from './api/answers.js';
import { createDescriptionRoute } from './api/description-route.js';
import { createLocalToken, type LocalToken } from './api/local-token.js';
import { openApiDocument } from './api/openapi.js';
import { operationRoutes } from './api/operations.js';
import { createApiRouter } from './api/router.js';
import { lastRequestsMs } from './closing.js';
import { createInstallations } from './config/installations.js';
import type { Settings } from './config/types.js';
import { connectServers } from './connect.js';
import { createDashboard } from './dashboard/board.js';
import type { ServerAccess } from './facts/links/access.js';
import { measured, stoppable } from './handlers.js';
import { createSharedLookup } from './http/agents.js';
import { defaultHookUrl } from './install/hook-url.js';
import { createPages } from './pages/routes.js';
import { createQueues, type OpenQueues } from './queue/create-queues.js';
import { jobKinds, jobNames } from './queue/jobs.js';
import { shareConcurrency } from './queue/workers.js';
import { createApp } from './server/app.js';
import { createAddressOf, createProxyCheck } from './server/client-address.js';
import { createHealthRoutes, createMetricsRoute } from './server/health.js';
import { type Listening, listen } from './server/listen.js';
import { createLogin } from './server/login.js';
import { jobPage, pagesOf, publicPath } from './server/places.js';
import { createQueueWatch } from './server/queue-watch.js';
import { assertCanStart, type Role } from './server/role.js';
import type { ServerWatch } from './server/server-watch.js';
import { watchServers } from './server/server-watch.js';
import { announceService } from './server/service-file.js';
import type { Log } from './telemetry/log.js';
import { createMetrics, type Metrics } from './telemetry/metrics.js';
import { packageVersion } from './version.js';

export interface RunningService {
  /** Where it listens, `http://127.0.0.1:8321`. */
  readonly address: string;
  readonly queue: OpenQueues['backend'];
  /**
   * Begins no new job, lets running ones finish until the deadline of the settings and hands the others back. Until
   * then it listens and takes events, but says that it is not ready. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/**
 * Builds a process from its settings and starts it. Where MLflow or lakeFS cannot be reached it says so in the log
 * and starts all the same: events are stored and jobs wait.
 *
 * @param stop ends a start that is under way; where something listens already, it is answered with, for `close()`
 * @throws SettingsError before anything is started
 * @throws ListenError where the port is taken
 * @throws EmbeddedQueueInUseError where another process has the embedded queue
 * @throws the reason of `stop`
 */
export async function startService(
  settings: Settings,
  { role, log, stop }: { readonly role: Role; readonly log: Log; readonly stop?: AbortSignal },
): Promise<RunningService> {
  assertCanStart(settings, role);
  const { queueUrl, queueCaFile: caFile, dataDir, host, port } = settings;
  const queues = await createQueues({ queueUrl, caFile, dataDir, log, stop });
  const watch = role === 'receive' ? undefined : watchServers(settings.installations, queues, log);
  const metrics = createMetrics(queues.counts, () => watch?.reports() ?? []);
  let stopping = false;
  let jobs: RunningJobs | undefined;
  const localToken = createLocalToken();
  const lookup = createSharedLookup();
  let listening: Listening;
  let servers: ServerAccess[];
  try {
    servers = connectServers(settings.installations, 'person', { lookup });
    const app = buildApp(settings, role, {
      ...{ queues, metrics, log, localToken, servers },
      isStopping: () => stopping,
      paused: () => jobs?.paused() ?? [],
      reports: () => watch?.reports() ?? [],
      forget: (repository) => jobs?.forget(repository),
    });
    listening = await listen(createFastServer(app), host, port);
  } catch (error) {
    await queues.close();
    throw error;
  }
  const address = `http://${host}:${listening.port}`;
  const serviceFile =
    role === 'all'
      ? announceService(dataDir, { host, port: listening.port, token: localToken.text }, log)
      : undefined;
  const queueWatch = createQueueWatch({ problem: queues.problem, log, now: () => performance.now() });
  const problem = await Promise.race([settled(queues), ...(stop === undefined ? [] : [aborted(stop)])]);
  if (stop?.aborted !== true) queueWatch.start(problem);
  if (stop?.aborted !== true && watch !== undefined) {
    jobs = startJobs(settings, { queues, metrics, log, lookup, watch });
    watch.start();
  }

  async function close(): Promise<void> {
    stopping = true;
    serviceFile?.remove();
    watch?.stop();
    queueWatch.stop();
    // lakeFS sends an event once: as long as the store is open, one that comes is stored for the next process.
    await Promise.all([
      role === 'work' ? undefined : sleep(settings.shutdownDrainMs),
      jobs?.close(settings.shutdownDeadlineMs),
    ]);
    await listening.close(lastRequestsMs);
    await queues.close();
  }

  let closed: Promise<void> | undefined;
  return {
    address,
    queue: queues.backend,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

interface Parts {
  readonly queues: OpenQueues;
  readonly metrics: Metrics;
  readonly log: Log;
}

function buildApp(
  settings: Settings,
  role: Role,
  { queues, metrics, log, isStopping, paused, reports, forget, localToken, servers }: Parts & Inside,
) {
  const { publicUrl, installations } = settings;
  const isTrusted = createProxyCheck(settings.trustedProxies);
  const addressOf = createAddressOf(isTrusted);
  const login = createLogin({
    ...{ settings, isTrusted, addressOf, log },
    now: () => performance.now(),
    localViewer: localToken.viewerOf,
  });
  const hooks = createHookRoutes({
    installations,
    queues,
    log,
    links: (_commit, jobId) => ({ status: jobPage(publicUrl, 'register-commit', jobId) }),
    onAnswer: metrics.hookAnswered,
    addressOf,
  });
  const routes = [
    ...answerRoutes({ servers, now: Date.now }),
    ...operationRoutes({
      installations: createInstallations(servers.flatMap((server) => server.installations.all)),
      queues,
      admin: queues.admin,
      forget,
    }),
  ];
  const people = {
    pages: createPages({
      queues,
      reports,
      viewerOf: login.viewerOf,
      installations: installations.map((installation) => ({
        name: installation.name,
        mode: installation.mode,
        ...pagesOf(installation),
        hookUrl: defaultHookUrl(publicUrl, installation.name),
      })),
    }),
    api: createApiRouter(routes, { viewerOf: login.viewerOf, addressOf, log }),
    description: createDescriptionRoute(openApiDocument(routes, { publicUrl, version: packageVersion() })),
    dashboard: createDashboard({
      queues: queues.bullQueues().map((queue) => ({ queue, description: summaryOf(queue.name) })),
      problem: queues.problem,
      viewerOf: login.viewerOf,
      addressOf,
      pages: Object.fromEntries(
        installations.map((installation) => [installation.name, pagesOf(installation)]),
      ),
      publicPath: publicPath(publicUrl),
      log,
    }),
  };
  return createApp({
    hooks: role === 'work' ? undefined : hooks,
    health: createHealthRoutes({
      queueProblem: queues.problem,
      warnings: queues.warnings,
      isStopping,
      paused,
      reports,
    }),
    metrics: createMetricsRoute(metrics),
    people: role === 'all' ? people : undefined,
    login,
    publicUrl,
    log,
  });
}

/** What the parts of the edge need of the rest of the process. */
interface Inside {
  readonly servers: readonly ServerAccess[];
  readonly isStopping: () => boolean;
  readonly paused: () => readonly string[];
  readonly reports: ServerWatch['reports'];
  readonly forget: Jobs['forget'];
  readonly localToken: LocalToken;
}

interface RunningJobs extends Pick<Jobs, 'forget'> {
  /** Begins nothing new; see `Workers.close`. */
  close(deadlineMs: number): Promise<void>;
  /** Repositories that are not followed, as `<installation>/<repository>`. */
  paused(): readonly string[];
}

function startJobs(
  settings: Settings,
  {
    queues,
    metrics,
    log,
    lookup,
    watch,
  }: Parts & { readonly lookup: LookupFunction; readonly watch: ServerWatch },
): RunningJobs {
  const { publicUrl, sweepIntervalMs, reconcileIntervalMs, lapIntervalMs, installations, concurrency } =
    settings;
  const leaving = new AbortController();
  const servers = connectServers(installations, 'work', { signal: leaving.signal, lookup }, watch.standingOf);
  const jobs = createJobs({
    servers,
    queues,
    log,
    now: Date.now,
    publicUrl,
    sweepIntervalMs,
    reconcileIntervalMs,
    lapIntervalMs,
  });
  const handlers = measured(stoppable(jobs.handlers), metrics, () => performance.now());
  const workers = queues.startWorkers(handlers, {
    concurrency: shareConcurrency(concurrency, servers.length),
    // Whoever takes a job next must not find its last requests still under way.
    beforeHandingBack: () => leaving.abort(new Error('the process is stopping')),
  });
  jobs.start();
  return {
    close(deadlineMs) {
      jobs.stop();
      return workers.close(deadlineMs);
    },
    paused: () => [...jobs.paused().keys()],
    forget: jobs.forget,
  };
}

/** Gives the connection to the queue a moment, so that the first sweep is not lost to it; why, if it stays away. */
async function settled(queues: OpenQueues): Promise<string | undefined> {
  const end = performance.now() + 2_000;
  let problem = await queues.problem();
  while (problem !== undefined && performance.now() < end) {
    await sleep(50);
    problem = await queues.problem();
  }
  return problem;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function summaryOf(name: string): string {
  const known = jobNames.find((job) => job === name);
  return known === undefined ? '' : jobKinds[known].summary;
}
