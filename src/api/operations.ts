import type { Installations } from '../config/installations.js';
import { repositoryNamePattern } from '../domain/references/lakefs-names.js';
import { watchedRepositories } from '../facts/commits/watched.js';
import type { InstallationAccess } from '../facts/links/access.js';
import type { JobAdmin } from '../queue/job-admin.js';
import { jobNames } from '../queue/jobs.js';
import type { NewJob, Queues } from '../queue/types.js';
import { ApiProblem, type ApiRoute, type Schema } from './route.js';

export interface OperationsDependencies {
  readonly installations: Installations<InstallationAccess>;
  readonly queues: Pick<Queues, 'addMany' | 'counts'>;
  readonly admin: JobAdmin;
  /** The next check of a repository reads its catalog again. */
  readonly forget: (repository: { readonly installation: string; readonly repository: string }) => void;
}

const text: Schema = { type: 'string', minLength: 1, maxLength: 4096 };
const repositoryName: Schema = { type: 'string', pattern: repositoryNamePattern };
const commitId: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const count: Schema = { type: 'integer', minimum: 0 };

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

function listOf(items: Schema, limits: Schema = {}): Schema {
  return { type: 'array', items, ...limits };
}

const outcome: Schema = {
  type: ['object', 'null'],
  description:
    'What the job came to: `summary` in words, `counts`, `links` to both servers, and of a check its `log`, ' +
    'without the troubles of earlier tries',
};
const counts = object(
  Object.fromEntries(['waiting', 'active', 'delayed', 'failed', 'completed'].map((state) => [state, count])),
);

/** What operators set off, and what became of it. The commands `reconcile`, `backfill` and `replay` go through these. */
export function operationRoutes(dependencies: OperationsDependencies): readonly ApiRoute[] {
  return [
    reconcileRoute(dependencies),
    commitsRoute(dependencies),
    jobsRoute(dependencies),
    jobRoute(dependencies),
    failedRoute(dependencies),
    replayRoute(dependencies),
  ];
}

function reconcileRoute({ installations, queues, forget }: OperationsDependencies): ApiRoute {
  return {
    method: 'post',
    path: '/reconcile',
    operation: 'reconcile',
    summary:
      'Looks at one repository, or at all that are watched, for commits that the catalog lacks. With `recheck` it ' +
      'compares all commits above the horizon of one repository with the catalog and ignores what is marked complete',
    role: 'operator',
    parameters: [],
    body: {
      ...object({ installation: text, repository: repositoryName, recheck: { type: 'boolean' } }),
      anyOf: [{ required: ['repository'] }, { not: { required: ['recheck'] } }],
    },
    answers: {
      202: {
        description: 'The jobs that check',
        schema: object({
          jobs: listOf(object({ installation: text, repository: repositoryName, kind: text, job: text })),
        }),
      },
    },
    handle: async ({ body }) => {
      const { installation, repository, recheck } = body as {
        installation?: string;
        repository?: string;
        recheck?: boolean;
      };
      const chosen = choose(installations, installation);
      const found = await Promise.all(
        chosen.map(async (access) => {
          const names = repository === undefined ? await watchedRepositories(access) : [repository];
          return names.map((name) => ({ installation: access.settings.name, repository: name }));
        }),
      );
      const repositories = found.flat();
      for (const one of repositories) forget(one);
      const jobs = repositories.map(
        (one): NewJob => ({
          name: 'reconcile-repository',
          payload: { v: 1, ...one, ...(recheck === true ? { recheck } : {}) },
          cause: 'hook',
        }),
      );
      const added = await queues.addMany(jobs);
      const answer = repositories.map((one, index) => ({
        ...one,
        kind: 'reconcile-repository',
        job: added[index]?.id,
      }));
      return { status: 202, body: { jobs: answer } };
    },
  };
}

function commitsRoute({ installations, queues }: OperationsDependencies): ApiRoute {
  return {
    method: 'post',
    path: '/commits',
    operation: 'registerCommits',
    summary: 'Queues commits of one repository to be registered, in the order given, after all other work',
    role: 'operator',
    parameters: [],
    body: object(
      {
        installation: text,
        repository: repositoryName,
        commits: listOf(object({ commit: commitId, branch: text }, ['commit']), {
          minItems: 1,
          maxItems: 1_000,
        }),
      },
      ['repository', 'commits'],
    ),
    answers: {
      202: {
        description: 'How many are new in the queue, and how many were waiting or running already',
        schema: object({ queued: count, waiting: count }),
      },
    },
    handle: async ({ body }) => {
      const { installation, repository, commits } = body as {
        installation?: string;
        repository: string;
        commits: readonly { commit: string; branch?: string }[];
      };
      const [access, ...others] = choose(installations, installation);
      if (access === undefined || others.length > 0) {
        throw new ApiProblem(400, 'There are several installations: name one.');
      }
      const { name } = access.settings;
      const added = await queues.addMany(
        commits.map((commit) => ({
          name: 'register-commit',
          payload: { v: 1, installation: name, repository, ...commit },
          cause: 'backfill',
        })),
      );
      const waiting = added.filter(({ duplicate }) => duplicate).length;
      return { status: 202, body: { queued: added.length - waiting, waiting } };
    },
  };
}

function jobsRoute({ queues }: OperationsDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/jobs',
    operation: 'countJobs',
    summary: 'How many jobs of each kind there are, by state',
    role: 'viewer',
    parameters: [],
    answers: {
      200: {
        description: 'By kind',
        schema: object({ jobs: object(Object.fromEntries(jobNames.map((name) => [name, counts]))) }),
      },
    },
    handle: async () => ({ status: 200, body: { jobs: await queues.counts() } }),
  };
}

function jobRoute({ admin }: OperationsDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/jobs/{kind}/{job}',
    operation: 'findJob',
    summary: 'One job as it stands, with its story',
    role: 'viewer',
    parameters: [
      { name: 'kind', in: 'path', description: 'Its kind', schema: { enum: jobNames } },
      { name: 'job', in: 'path', description: 'Its id', schema: text },
    ],
    answers: {
      200: {
        description: 'The job',
        schema: object({
          ...{ kind: text, id: text, state: text, progress: { type: 'number' }, outcome },
          ...{ reason: { type: 'string' }, log: listOf({ type: 'string' }) },
        }),
      },
    },
    handle: async ({ parameters: { kind, job = '' } }) => {
      const name = jobNames.find((known) => known === kind);
      const found = name === undefined ? undefined : await admin.find(name, job);
      if (found === undefined) throw new ApiProblem(404, 'There is no such job (any more).');
      return { status: 200, body: { ...found, outcome: found.outcome ?? null } };
    },
  };
}

function failedRoute({ admin }: OperationsDependencies): ApiRoute {
  return {
    method: 'get',
    path: '/failed-jobs',
    operation: 'listFailedJobs',
    summary: 'Jobs that failed and wait for a person, newest first',
    role: 'viewer',
    parameters: [
      {
        name: 'limit',
        in: 'query',
        description: 'At most so many, 1 to 1000; default 100',
        schema: { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$' },
      },
    ],
    answers: {
      200: {
        description: 'How many there are, and the newest of them; `failedAt` in Unix ms',
        schema: object({
          total: count,
          jobs: listOf(
            object({
              ...{ kind: text, id: text, payload: {}, reason: { type: 'string' } },
              failedAt: { type: 'number' },
            }),
          ),
        }),
      },
    },
    handle: async ({ parameters: { limit = '100' } }) => ({
      status: 200,
      body: await admin.failed(Number(limit)),
    }),
  };
}

function replayRoute({ admin }: OperationsDependencies): ApiRoute {
  return {
    method: 'post',
    path: '/replay',
    operation: 'replay',
    summary: 'Runs one failed job again, or all; jobs that are put off until their next try run now',
    role: 'operator',
    parameters: [],
    body: {
      ...object({ job: text, all: { const: true } }),
      oneOf: [{ required: ['job'] }, { required: ['all'] }],
    },
    answers: {
      202: {
        description:
          'The ids of the jobs; with `all`, `broughtForward` is how many others were put off until their next try and run now',
        schema: object({ replayed: listOf(text), broughtForward: count }, ['replayed']),
      },
    },
    handle: async ({ body }) => {
      const { job } = body as { job?: string };
      if (job === undefined) return { status: 202, body: await admin.replayAll() };
      if (await admin.replay(job)) return { status: 202, body: { replayed: [job] } };
      throw new ApiProblem(404, 'No job of this id sits in failed.');
    },
  };
}

/** The one that is named, or all. */
function choose(
  installations: Installations<InstallationAccess>,
  name: string | undefined,
): readonly InstallationAccess[] {
  if (name === undefined) return installations.all;
  const found = installations.named(name);
  if (found === undefined) throw new ApiProblem(404, `There is no installation "${name}".`);
  return [found];
}
