import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { BeforeHook } from '@bull-board/api/typings/app';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';
import { type RequestHandler, Router } from 'express';
import type { Viewer } from '../server/access.js';
import type { AddressOf } from '../server/client-address.js';
import type { ViewerOf } from '../server/login.js';
import type { Log } from '../telemetry/log.js';
import { type InstallationPages, jobLink, jobTitle } from './job-text.js';
import { extendPage, serveScripts } from './page.js';
import { createQueueState } from './queue-state.js';
import { dashboardProblem } from './rights.js';

export interface DashboardQueue {
  readonly queue: Queue;
  /** One line under the queue's name. */
  readonly description: string;
}

export interface DashboardDependencies {
  readonly queues: readonly DashboardQueue[];
  /** Undefined where the queue can take jobs, else what is wrong. */
  readonly problem: () => Promise<string | undefined>;
  readonly viewerOf: ViewerOf;
  readonly addressOf: AddressOf;
  /** Never empty. */
  readonly pages: InstallationPages;
  /** The path of the public address, empty where it has none; people may also come without it. */
  readonly publicPath: string;
  readonly log: Log;
}

/** What the board's handlers know of a request is its headers object; it leads back to who asked. */
type Viewers = WeakMap<object, Viewer & { readonly from: string }>;

/**
 * bull-board behind our rights. There are two boards over the same queues, because it hides its buttons per board,
 * not per person; what is allowed is still decided per call. Mount it behind the login and the
 * same-site check: it has neither.
 */
export function createDashboard(deps: DashboardDependencies): RequestHandler {
  const viewers: Viewers = new WeakMap();
  const boards = {
    viewer: createBoard(deps, viewers, 'viewer'),
    operator: createBoard(deps, viewers, 'operator'),
  };
  const router = Router();
  router.use(serveScripts, createQueueState(deps, deps.viewerOf), extendPage, (request, response, next) => {
    const viewer = deps.viewerOf(request);
    if (viewer !== undefined) viewers.set(request.headers, { ...viewer, from: deps.addressOf(request) });
    boards[viewer?.role ?? 'viewer'](request, response, next);
  });
  return router;
}

function createBoard(deps: DashboardDependencies, viewers: Viewers, role: Viewer['role']): RequestHandler {
  const adapter = new ExpressAdapter().setBasePath(`${deps.publicPath}/queues`);
  createBullBoard({
    queues: deps.queues.map((entry) => createQueueView(entry, deps, role)),
    serverAdapter: adapter,
    options: {
      handlerHooks: { before: createGuard(viewers, deps.log) },
      uiConfig: {
        boardTitle: 'lakefs-mlflow',
        miscLinks: miscLinks(deps),
        hideDocsLink: true,
        hideRedisDetails: true,
        // One CLIENT LIST per queue and poll otherwise, and on PostgreSQL the answer is wrong.
        showWorkers: false,
        jobDetails: { defaultTab: 'Logs' },
      },
    },
  });
  return adapter.getRouter();
}

function miscLinks({ publicPath, pages }: DashboardDependencies): { text: string; url: string }[] {
  const several = Object.keys(pages).length > 1;
  return [
    { text: 'Start page', url: `${publicPath}/` },
    ...Object.entries(pages).flatMap(([name, { mlflow, lakefs }]) => [
      { text: several ? `MLflow (${name})` : 'MLflow', url: mlflow },
      { text: several ? `lakeFS (${name})` : 'lakeFS', url: lakefs },
    ]),
  ];
}

function createQueueView(
  { queue, description }: DashboardQueue,
  deps: Pick<DashboardDependencies, 'pages'>,
  role: Viewer['role'],
): BullMQAdapter {
  const view = new BullMQAdapter(queue, {
    description,
    readOnlyMode: role === 'viewer',
    externalJobUrl: (job) => jobLink(job, deps.pages),
  });
  view.setFormatter('name', jobTitle);
  return view;
}

function createGuard(viewers: Viewers, log: Log): BeforeHook {
  return ({ method, route, request }) => {
    const viewer = viewers.get(request.headers);
    const problem = dashboardProblem(viewer?.role, method, route);
    if (method !== 'get') {
      const { queueName, jobId, queueStatus } = request.params;
      log.info(
        {
          user: viewer?.name,
          role: viewer?.role,
          by: viewer?.by,
          from: viewer?.from,
          call: `${method.toUpperCase()} ${route}`,
          queueName,
          jobId,
          queueStatus,
          allowed: problem === undefined,
        },
        'dashboard action',
      );
    }
    return problem === undefined ? { allow: true } : { allow: false, status: 403, message: problem };
  };
}
