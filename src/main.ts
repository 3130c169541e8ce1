import { setTimeout as sleep } from 'node:timers/promises';
import { createFastServer } from '../hooks/fast-server.js';
import { createHookRoutes } from '../hooks/routes.js';
import { createJobs, type Jobs } from '../workers/index.js';
import { answerRoutes } from './api/answers/index.js';
import { createDescriptionRoute } from './api/description-route.js';
import { createLocalToken, type LocalToken } from './api/local-token.js';
import { openApiDocument } from './api/openapi.js';
import { operationRoutes } from './api/operations.js';
import { createApiRouter } from './api/router.js';
import type { Settings } from './config/types.js';
import { connectServers } from './connect.js';
import { createDashboard } from './dashboard/board.js';
import { defaultHookUrl } from './install/hook-url.js';
import { createPages } from './pages/routes.js';
import { createQueues, type QueueHouse } from './queue/create-queues.js';
import { jobKinds, jobNames } from './queue/jobs.js';
import type { Workers } from './queue/types.js';
import { createApp } from './server/app.js';
import { createAddressOf } from './server/client-address.js';
import { shareConcurrency } from './server/concurrency.js';
import { createHealthRoutes } from './server/health.js';
import { type Listening, listen } from './server/listen.js';
import { createLogin } from './server/login.js';
import { createMetricsRoute } from './server/metrics-route.js';
import { jobPage, pagesOf, publicPath } from './server/places.js';
import { warnOfUnreachable } from './server/reachability.js';
import { assertCanStart, type Role } from './server/role.js';
import { announceService } from './server/service-file.js';
import { createProxyCheck } from './server/trusted-proxies.js';
import { stoppable } from './stoppable.js';
import type { Log } from './telemetry/log.js';
import { measured } from './telemetry/measured.js';
import { createMetrics, type Metrics } from './telemetry/metrics.js';
import { packageVersion } from './version.js';

export interface RunningService {
  /** Where it listens, `http://127.0.0.1:8321`. */
  readonly address: string;
  readonly queue: QueueHouse['backend'];
  /**
   * Takes nothing new, answers what is under way, lets running jobs finish until the deadline of the settings and
   * hands the others back. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/**
 * Builds a process from its settings and starts it. Where MLflow or lakeFS cannot be reached it says so in the log
 * and starts all the same: events are stored and jobs wait.
 *
 * @throws SettingsError before anything is started
 * @throws ListenError where the port is taken
 * @throws EmbeddedQueueInUseError where another process has the embedded queue
 */
export async function startService(
  settings: Settings,
  { role, log }: { readonly role: Role; readonly log: Log },
): Promise<RunningService> {
  assertCanStart(settings, role);
  const { queueUrl, dataDir, host, port, shutdownDeadlineMs } = settings;
  const queues = await createQueues({ queueUrl, dataDir, log });
  const metrics = createMetrics(queues.counts);
  let stopping = false;
  let jobs: RunningJobs | undefined;
  const localToken = createLocalToken();
  let listening: Listening;
  try {
    const app = buildApp(settings, role, {
      ...{ queues, metrics, log, localToken },
      isStopping: () => stopping,
      paused: () => jobs?.paused() ?? [],
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
  await settled(queues, log);
  jobs = role === 'receive' ? undefined : startJobs(settings, { queues, metrics, log });
  void warnOfUnreachable(connectServers(settings.installations, 'look'), log);

  async function close(): Promise<void> {
    stopping = true;
    serviceFile?.remove();
    jobs?.stopTimers();
    await Promise.all([
      listening.close(Math.min(shutdownDeadlineMs, 5_000)),
      jobs?.workers.close(shutdownDeadlineMs),
    ]);
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
  readonly queues: QueueHouse;
  readonly metrics: Metrics;
  readonly log: Log;
}

function buildApp(
  settings: Settings,
  role: Role,
  { queues, metrics, log, isStopping, paused, forget, localToken }: Parts & Inside,
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
    onAnswer: (status) => metrics.hookAnswered(status),
    addressOf,
  });
  const servers = connectServers(installations, 'look');
  const routes = [
    ...answerRoutes({ servers, now: Date.now }),
    ...operationRoutes({
      installations: servers.flatMap((server) => server.installations),
      queues,
      desk: queues.desk,
      forget,
    }),
  ];
  const people = {
    pages: createPages({
      queues,
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
    health: createHealthRoutes({ queueProblem: () => queues.problem(), isStopping, paused }),
    metrics: createMetricsRoute(metrics),
    people: role === 'all' ? people : undefined,
    login,
    publicUrl,
    log,
  });
}

/** What the parts of the edge need of the rest of the process. */
interface Inside {
  readonly isStopping: () => boolean;
  readonly paused: () => readonly string[];
  readonly forget: Jobs['forget'];
  readonly localToken: LocalToken;
}

interface RunningJobs extends Pick<Jobs, 'forget'> {
  readonly workers: Workers;
  stopTimers(): void;
  /** Repositories that are not followed, as `<installation>/<repository>`. */
  paused(): readonly string[];
}

function startJobs(settings: Settings, { queues, metrics, log }: Parts): RunningJobs {
  const { publicUrl, sweepIntervalMs, reconcileIntervalMs, lapIntervalMs, installations, concurrency } =
    settings;
  const servers = connectServers(installations);
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
  });
  jobs.start();
  return {
    workers,
    stopTimers: () => jobs.stop(),
    paused: () => [...jobs.paused().keys()],
    forget: jobs.forget,
  };
}

/** Gives the connection to the queue a moment, so that the first sweep is not lost to it, and says if it stays away. */
async function settled(queues: QueueHouse, log: Log): Promise<void> {
  const end = performance.now() + 2_000;
  let problem = await queues.problem();
  while (problem !== undefined && performance.now() < end) {
    await sleep(50);
    problem = await queues.problem();
  }
  if (problem !== undefined)
    log.warn({ problem }, 'the queue cannot be used: events are refused until it can');
}

function summaryOf(name: string): string {
  const known = jobNames.find((job) => job === name);
  return known === undefined ? '' : jobKinds[known].summary;
}
