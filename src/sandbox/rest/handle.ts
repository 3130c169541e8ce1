import type { Request, RequestHandler, Response } from 'express';
import { ApiFailure } from '../failure.js';
import { MergeConflict } from '../model/merge.js';
import { RefInvalid, RefNotFound } from '../model/refs.js';
import type { Repository } from '../model/repository.js';
import { repositoryOf, type World } from '../world.js';
import { sendJson } from './answer.js';
import { queryOf } from './query.js';

export interface Call {
  readonly req: Request;
  readonly res: Response;
  readonly query: URLSearchParams;
  /** A part of the path, decoded. */
  param(name: string): string;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

export function handle(work: (call: Call) => Promise<void> | void): RequestHandler {
  return async (req, res) => {
    try {
      await work({ req, res, query: queryOf(req), param: (name) => String(req.params[name] ?? '') });
    } catch (error) {
      sendFailure(res, error);
    }
  };
}

/** A handler below `/repositories/:repository`. */
export function handleIn(world: World, work: (call: RepositoryCall) => Promise<void> | void): RequestHandler {
  return handle((call) => work({ ...call, repository: repositoryOf(world, call.param('repository')) }));
}

export function sendFailure(res: Response, error: unknown): void {
  // Where another call awaits a body that nobody read, the connection must not be used again.
  if (error instanceof MergeConflict) sendJson(res, 409, { reference: '' });
  else if (error instanceof ApiFailure) sendJson(res, error.status, { message: error.message });
  else if (error instanceof RefNotFound) sendJson(res, 404, { message: 'not found' });
  else if (error instanceof RefInvalid) sendJson(res, 400, { message: error.message });
  else sendJson(res, 500, { message: error instanceof Error ? error.message : String(error) });
}
