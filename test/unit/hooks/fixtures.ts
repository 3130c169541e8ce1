import express from 'express';
import { createHookRoutes, type HookDependencies, type HookInstallation } from '../../../hooks/receive.js';
import type { AddedJob, NewJob } from '../../../src/queue/types.js';
import type { Log } from '../../../src/telemetry/log.js';

export const token = 'first-token';
export const commitId = 'a'.repeat(64);

export function installation(changes: Partial<HookInstallation> = {}): HookInstallation {
  return {
    name: 'default',
    hookTokens: [token],
    repositories: [],
    branches: ['*'],
    mode: 'write',
    ...changes,
  };
}

export function event(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    event_type: 'post-commit',
    event_time: '2026-11-18T11:07:41Z',
    action_name: 'mlflow registration',
    hook_id: 'notify',
    repository_id: 'images',
    branch_id: 'main',
    source_ref: commitId,
    commit_id: commitId,
    commit_message: 'add labels',
    committer: 'jane',
    ...changes,
  };
}

/** An app on a queue that keeps what it is given, and a log that keeps every line. */
export function harness(
  installations: readonly HookInstallation[] = [installation()],
  add: (job: NewJob) => Promise<AddedJob> = () => Promise.resolve({ id: 'job-1', duplicate: false }),
  links: HookDependencies['links'] = (commit) => ({
    commit: `http://lakefs.test/${commit.repository}/${commit.commit}`,
  }),
) {
  const added: NewJob[] = [];
  const lines: string[] = [];
  const answers: string[] = [];
  function write(data: object, message: string): void {
    const { err, ...rest } = data as { err?: unknown };
    lines.push(`${message} ${JSON.stringify(rest)} ${err instanceof Error ? err.message : ''}`);
  }
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const deps: HookDependencies = {
    installations,
    log,
    queues: {
      add(job) {
        added.push(job);
        return add(job);
      },
    },
    links,
    addressOf: (request) => request.socket.remoteAddress ?? 'unknown',
    onAnswer: (status, outcome) => answers.push(`${status} ${outcome}`),
  };
  return { app: express().use(createHookRoutes(deps)), added, lines, answers };
}
