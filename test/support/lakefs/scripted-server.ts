import { createLakefsClient, type LakefsClientSettings } from '../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { type Seen as Request, scripted as scriptedServer } from '../servers/scripted-server.js';

export interface Seen extends Request {
  readonly query: URLSearchParams;
}

export interface Answer {
  readonly status?: number;
  /** Strings go as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** A server on loopback that answers by a script, and a client for it. Both end with the test. */
export async function scripted(
  answer: (seen: Seen, n: number) => Answer,
  settings: Partial<LakefsClientSettings> = {},
): Promise<{ client: LakefsClient; seen: Seen[]; endpoint: string }> {
  const seen: Seen[] = [];
  const { url: endpoint } = await scriptedServer((request, response) => {
    const one = { ...request, query: new URL(request.url, 'http://x').searchParams };
    seen.push(one);
    const { status = 200, body = '', headers = {} } = answer(one, seen.length);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  });
  const client = createLakefsClient({
    endpoint,
    accessKeyId: 'KEY',
    secretAccessKey: 'the-secret-key',
    retry: { retries: 2, factor: 0, jitter: 0 },
    ...settings,
  });
  return { client, seen, endpoint };
}

export function page(results: readonly unknown[], next?: string): Answer {
  return {
    body: {
      pagination: {
        has_more: next !== undefined,
        next_offset: next ?? '',
        results: results.length,
        max_per_page: 1000,
      },
      results,
    },
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export function aCommit(id: string): Record<string, unknown> {
  return {
    id,
    parents: [],
    committer: 'jane',
    message: 'm',
    creation_date: 1795460759,
    meta_range_id: '',
    metadata: {},
    generation: 1,
    version: 1,
  };
}
