import type { Router } from 'express';
import { isRecord } from '../actions/parse.js';
import { ApiFailure } from '../failure.js';
import type { Commit } from '../model/commit.js';
import { walkLog } from '../model/log.js';
import { cherryPick } from '../operations/cherry-pick.js';
import { commit } from '../operations/commit.js';
import { revert } from '../operations/revert.js';
import { resolveOr } from '../operations/shared.js';
import type { World } from '../world.js';
import { commitJson, pageJson, sendJson, sendNothing } from './answer.js';
import { type JsonBody, metadataOf, numberOf, readJson, textOf } from './body.js';
import { handleIn, type RepositoryCall } from './handle.js';
import { amountOf, isTrue } from './query.js';

export function addCommitRoutes(router: Router, world: World): void {
  router.get(
    '/repositories/:repository/commits/:ref',
    handleIn(world, ({ res, param, repository }) => {
      // A wrong expression is the server's fault here, by its status; the log answers 400 to the same.
      const wrong = (message: string): ApiFailure => new ApiFailure(500, message);
      const found = resolveOr(repository, param('ref'), 'commit not found', wrong);
      if (found.stagingOnly) {
        throw wrong('ref: invalid value: validation error: should point to a commit');
      }
      sendJson(res, 200, commitJson(found.commit));
    }),
  );
  router.get(
    '/repositories/:repository/refs/:ref/commits',
    handleIn(world, (call) => sendLog(call)),
  );
  router.post(
    '/repositories/:repository/branches/:branch/commits',
    handleIn(world, async ({ req, res, param, repository }) => {
      const body = await readJson(req, 'CommitCreation', {
        message: 'string!',
        metadata: 'object',
        date: 'integer',
        allow_empty: 'boolean',
      });
      const date = numberOf(body, 'date');
      const made = await commit(world, repository, param('branch'), {
        message: textOf(body, 'message') ?? '',
        metadata: metadataOf(body),
        ...(date !== undefined && { date }),
        allowEmpty: body.allow_empty === true,
      });
      sendJson(res, 201, commitJson(made));
    }),
  );
  router.post(
    '/repositories/:repository/branches/:branch/revert',
    handleIn(world, async ({ req, res, param, repository }) => {
      const body = await readJson(req, 'RevertCreation', { parent_number: 'integer!', ref: 'string!' });
      await revert(world, repository, param('branch'), {
        ref: textOf(body, 'ref') ?? '',
        parentNumber: numberOf(body, 'parent_number') ?? 0,
        ...overridesOf(body),
        allowEmpty: body.allow_empty === true,
      });
      sendNothing(res);
    }),
  );
  router.post(
    '/repositories/:repository/branches/:branch/cherry-pick',
    handleIn(world, async ({ req, res, param, repository }) => {
      const body = await readJson(req, 'CherryPickCreation', { ref: 'string!', parent_number: 'integer' });
      const made = await cherryPick(world, repository, param('branch'), {
        ref: textOf(body, 'ref') ?? '',
        parentNumber: numberOf(body, 'parent_number'),
        ...overridesOf(body),
      });
      sendJson(res, 201, commitJson(made));
    }),
  );
}

function overridesOf(body: JsonBody): { message: string | undefined; metadata: Record<string, string> } {
  const overrides = isRecord(body.commit_overrides) ? body.commit_overrides : {};
  return { message: textOf(overrides, 'message') || undefined, metadata: metadataOf(overrides) };
}

function sendLog({ res, param, query, repository }: RepositoryCall): void {
  const amount = amountOf(query);
  const sinceMs = sinceOf(query);
  const wrong = (message: string): ApiFailure => new ApiFailure(400, `ref: ${message}`);
  const head = resolveOr(repository, param('ref'), 'ref: not found', wrong).commit;
  const stop = query.get('stop_at') ?? '';
  const stopAt = stop === '' ? undefined : resolveOr(repository, stop, 'stop_at: not found').commit.id;
  const after = query.get('after') ?? '';
  const from = after === '' ? undefined : resolveOr(repository, after, 'from ref: not found').commit.id;
  const page: Commit[] = [];
  let more = false;
  let reached = from === undefined;
  const options = {
    firstParent: isTrue(query, 'first_parent'),
    objects: query.getAll('objects'),
    prefixes: query.getAll('prefixes'),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(stopAt !== undefined && { stopAt }),
  };
  for (const commit of walkLog(repository, head, options)) {
    if (!reached) {
      reached = commit.id === from;
      continue;
    }
    if (page.length === amount) {
      more = !isTrue(query, 'limit');
      break;
    }
    page.push(commit);
  }
  sendJson(res, 200, pageJson(page.map(commitJson), more, page.at(-1)?.id ?? ''));
}

/** Milliseconds since 1970. */
function sinceOf(query: URLSearchParams): number | undefined {
  const text = query.get('since') ?? '';
  if (text === '') return undefined;
  const ms = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new ApiFailure(
    400,
    'parameter "since" in query has an error: string doesn\'t match the format "date-time": string doesn\'t match ' +
      'pattern "^[0-9]{4}-(0[1-9]|10|11|12)-(0[1-9]|[12][0-9]|3[01])T([0-1][0-9]|2[0-3]):[0-5][0-9]:' +
      '([0-5][0-9]|60)(\\.[0-9]+)?(Z|(\\+|-)[0-9]{2}:[0-9]{2})?$"',
  );
}
