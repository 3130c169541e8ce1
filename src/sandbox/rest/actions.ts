import type { Router } from 'express';
import type { HookRecord, RunRecord } from '../actions/records.js';
import { ApiFailure, notFound } from '../failure.js';
import { listPage } from '../operations/listing.js';
import type { World } from '../world.js';
import { pageJson, sendJson, sendNothing } from './answer.js';
import { handleIn } from './handle.js';
import { listOptionsOf } from './query.js';

export function addActionRoutes(router: Router, world: World): void {
  router.get(
    '/repositories/:repository/actions/runs',
    handleIn(world, ({ res, query, repository }) => {
      const branch = query.get('branch') ?? '';
      const commit = query.get('commit') ?? '';
      if (branch !== '' && commit !== '') {
        throw new ApiFailure(400, "can't use both branchID and MergedCommitID: parameters conflict");
      }
      const items = [...repository.runs]
        .filter(
          ([, run]) => (branch === '' || run.branch === branch) && (commit === '' || run.commitId === commit),
        )
        .sort(([left], [right]) => (left < right ? -1 : 1));
      const { page, more } = listPage(items, { ...listOptionsOf(query), prefix: '', delimiter: '' });
      const results = page.flatMap(({ item }) => (item === undefined ? [] : [runJson(item)]));
      sendJson(res, 200, pageJson(results, more, page.at(-1)?.path ?? ''));
    }),
  );
  router.get(
    '/repositories/:repository/actions/runs/:run',
    handleIn(world, ({ res, param, repository }) => {
      const run = repository.runs.get(param('run'));
      if (run === undefined) throw notFound('not found: not found');
      sendJson(res, 200, runJson(run));
    }),
  );
  router.get(
    '/repositories/:repository/actions/runs/:run/hooks',
    handleIn(world, ({ res, param, query, repository }) => {
      const hooks = repository.runs.get(param('run'))?.hooks ?? [];
      const items = hooks.map((hook) => [hook.hookRunId, hook] as const);
      const { page, more } = listPage(items, { ...listOptionsOf(query), prefix: '', delimiter: '' });
      const results = page.flatMap(({ item }) => (item === undefined ? [] : [hookJson(item)]));
      sendJson(res, 200, pageJson(results, more, page.at(-1)?.path ?? ''));
    }),
  );
  router.get(
    '/repositories/:repository/actions/runs/:run/hooks/:hook/output',
    handleIn(world, ({ res, param, repository }) => {
      const hooks = repository.runs.get(param('run'))?.hooks ?? [];
      const hook = hooks.find(({ hookRunId }) => hookRunId === param('hook'));
      if (hook === undefined) throw notFound();
      if (hook.status === 'skipped') return sendNothing(res, 200);
      res.setHeader('Content-Type', 'application/octet-stream');
      res.setHeader('Content-Disposition', `attachment; filename=${hook.hookRunId}.log`);
      res.end(hook.output);
    }),
  );
}

function runJson(run: RunRecord): Record<string, unknown> {
  return {
    run_id: run.runId,
    branch: run.branch,
    start_time: new Date(run.startMs).toISOString(),
    end_time: new Date(run.endMs).toISOString(),
    event_type: run.eventType,
    status: run.status,
    commit_id: run.commitId,
  };
}

function hookJson(hook: HookRecord): Record<string, unknown> {
  const skipped = hook.status === 'skipped';
  return {
    hook_run_id: hook.hookRunId,
    action: hook.action,
    hook_id: hook.hookId,
    start_time: skipped ? '0001-01-01T00:00:00Z' : new Date(hook.startMs).toISOString(),
    ...(!skipped && { end_time: new Date(hook.endMs).toISOString() }),
    status: hook.status,
  };
}
