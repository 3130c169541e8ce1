import { repositoryNamePattern } from '../domain/references/lakefs-names.js';
import type { Cause, JobName, JobPayloads, NewJob } from './types.js';

export interface JobKind<N extends JobName> {
  /** One line, shown on the dashboard. */
  readonly summary: string;
  /** JSON schema of the payload. Unknown fields are let through: they come from a newer release. */
  readonly schema: object;
  /** What makes two jobs the same. */
  readonly key: (payload: JobPayloads[N]) => readonly string[];
  /**
   * For a payload that asks for less than one of the same key may: the one that asks for all. Undefined for all
   * others.
   */
  readonly full: (payload: JobPayloads[N]) => JobPayloads[N] | undefined;
  /** Tries that may end in an error which blames the request, or in an unknown one. */
  readonly attempts: number;
  /** First wait between two tries in ms; doubles each time, and up to half of it is taken off at random. */
  readonly backoffMs: number;
  /** How long a completed job is shown, in s. */
  readonly keepCompletedSeconds: number;
  /** How many completed jobs are kept at most, the newest. One takes about 4 kB of Redis's memory. */
  readonly keepCompleted: number;
}

const day = 86_400;
/** A failed job waits this long for a person, in s. */
export const keepFailedSeconds = 30 * day;
/** How many failed jobs of a kind wait at most, the newest. What an older one was about is found again without it. */
export const keepFailed = 10_000;
/** The largest payload, in bytes as JSON; ours are below 1 kB. */
export const payloadLimitBytes = 16_384;
/** Lower runs first. */
export const priorities: Readonly<Record<Cause, number>> = { hook: 1, reconcile: 2, sweep: 3, backfill: 4 };

const text = { type: 'string', minLength: 1, maxLength: 4096 };
const repository = { type: 'string', pattern: repositoryNamePattern };
const commit = { type: 'string', pattern: '^[0-9a-f]{64}$' };

function payloadSchema(properties: Readonly<Record<string, object>>, required: readonly string[]): object {
  return {
    type: 'object',
    properties: { v: { const: 1 }, ...properties },
    required: ['v', ...required],
    additionalProperties: true,
  };
}

/** Every job there is. One queue per name, so that a long line of one kind never holds up another. */
export const jobKinds: { readonly [N in JobName]: JobKind<N> } = {
  'register-commit': {
    summary: 'Records a lakeFS commit in MLflow',
    schema: payloadSchema(
      {
        installation: text,
        repository,
        commit,
        branch: text,
        news: text,
      },
      ['installation', 'repository', 'commit'],
    ),
    key: ({ installation, repository, commit }) => [installation, repository, commit],
    full: ({ news, ...all }) => (news === 'commit' ? all : undefined),
    attempts: 8,
    // Ten to twenty minutes in all: a server that answers 500 while it is restarted is not the job's fault.
    backoffMs: 10_000,
    keepCompletedSeconds: 7 * day,
    keepCompleted: 5_000,
  },
  'link-run': {
    summary: 'Tags an MLflow run with the data that it read',
    schema: payloadSchema(
      {
        server: text,
        run: text,
        models: { const: true },
        produced: {
          type: 'object',
          properties: { installation: text, repository, commit },
          required: ['installation', 'repository', 'commit'],
        },
      },
      ['server', 'run'],
    ),
    // What a job is asked beside the run itself must not be lost in one that waits without it.
    key: ({ server, run, models, produced }) => [
      server,
      run,
      ...(models === undefined ? [] : ['models']),
      ...(produced === undefined ? [] : [produced.installation, produced.repository, produced.commit]),
    ],
    full: () => undefined,
    attempts: 8,
    // Ten to twenty minutes in all: a server that answers 500 while it is restarted is not the job's fault.
    backoffMs: 10_000,
    keepCompletedSeconds: day,
    keepCompleted: 5_000,
  },
  'sweep-runs': {
    summary: 'Finds the runs of an MLflow server whose tags are missing or out of date',
    schema: payloadSchema({ server: text }, ['server']),
    key: ({ server }) => [server],
    full: () => undefined,
    attempts: 3,
    backoffMs: 2_000,
    // One every 30 s: an hour of them is enough for people.
    keepCompletedSeconds: 3_600,
    keepCompleted: 500,
  },
  'reconcile-repository': {
    summary: 'Finds commits of a lakeFS repository that are missing from the catalog',
    schema: payloadSchema({ installation: text, repository, recheck: { const: true } }, [
      'installation',
      'repository',
    ]),
    // An ordinary check that waits or runs must not stand in for a recheck.
    key: ({ installation, repository, recheck }) => [
      installation,
      repository,
      ...(recheck === undefined ? [] : ['recheck']),
    ],
    full: () => undefined,
    attempts: 3,
    backoffMs: 2_000,
    // One a minute and repository: an hour of them is enough for people.
    keepCompletedSeconds: 3_600,
    keepCompleted: 1_000,
  },
};

/** True for what is asked for again and again: of its failures the newest stands for all. */
export function isPeriodic(name: JobName): boolean {
  return name === 'sweep-runs' || name === 'reconcile-repository';
}

export const jobNames: readonly JobName[] = [
  'register-commit',
  'link-run',
  'sweep-runs',
  'reconcile-repository',
];

/**
 * The job that a hook asks for: a commit is new, and nothing is said about who has read it. The branch is a label and
 * may be left out.
 */
export function registrationOf({
  installation,
  repository,
  commit,
  branch,
}: {
  readonly installation: string;
  readonly repository: string;
  readonly commit: string;
  readonly branch: string | undefined;
}): NewJob<'register-commit'> {
  const payload: JobPayloads['register-commit'] = {
    ...{ v: 1, installation, repository, commit, news: 'commit' },
    ...(branch !== undefined && { branch }),
  };
  return { name: 'register-commit', payload, cause: 'hook' };
}

/** One value per job name. */
export function byName<T>(make: (name: JobName) => T): Readonly<Record<JobName, T>> {
  return {
    'register-commit': make('register-commit'),
    'link-run': make('link-run'),
    'sweep-runs': make('sweep-runs'),
    'reconcile-repository': make('reconcile-repository'),
  };
}
