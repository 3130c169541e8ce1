import { setTimeout as wait } from 'node:timers/promises';
import type { Http, HttpRequest } from '../http/types.js';
import { ShapeError } from './entities.js';
import { isOvertaken, LakefsError } from './errors.js';

/** What the parts of the client share. Paths are below `/api/v1`. */
export interface Calls {
  /** Reads the answer with `read`; an answer that is not as it should be becomes a `LakefsError`. */
  json<T>(request: HttpRequest, read: (data: unknown) => T): Promise<T>;
  text(request: HttpRequest): Promise<string>;
  buffer(request: HttpRequest): Promise<Buffer>;
  none(request: HttpRequest): Promise<void>;
  /**
   * Like `json`, for what makes a commit: such a request must not be sent twice, but the answer 500
   * `predicate failed` says that another committer was faster and nothing was written, so it may be then.
   */
  committing<T>(request: HttpRequest, read: (data: unknown) => T): Promise<T>;
}

const committingAttempts = 5;

export function createCalls(http: Http, sleep: (ms: number) => Promise<unknown> = (ms) => wait(ms)): Calls {
  async function json<T>(request: HttpRequest, read: (data: unknown) => T): Promise<T> {
    const { status, data } = await http.request({ ...request, path: api(request.path) });
    try {
      return read(data);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      const url = `${http.baseUrl}${api(request.path)}`;
      throw new LakefsError(
        { name: 'lakeFS', method: request.method, url, status, serverAnswers: true },
        { message: `lakeFS answered ${request.method} ${url} with ${error.message}: is it a lakeFS server?` },
      );
    }
  }

  return {
    json,
    async text(request) {
      return (await http.request({ ...request, path: api(request.path), accept: 'text' })).data;
    },
    async buffer(request) {
      return (await http.request({ ...request, path: api(request.path), accept: 'buffer' })).data;
    },
    async none(request) {
      await http.request({ ...request, path: api(request.path), accept: 'text' });
    },
    async committing(request, read) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await json({ ...request, idempotent: false }, read);
        } catch (error) {
          if (attempt === committingAttempts || !isOvertaken(error)) throw error;
        }
        await sleep(25 * 2 ** attempt * (0.5 + Math.random()));
      }
    },
  };
}

function api(path: string): string {
  return `/api/v1${path}`;
}
