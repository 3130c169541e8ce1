import { createServer, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { createLakefsClient, type LakefsClientSettings } from '../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';

export interface Seen {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
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
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = request.url ?? '';
      const one: Seen = {
        method: request.method ?? '',
        url,
        query: new URL(url, 'http://x').searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(one);
      const { status = 200, body = '', headers = {} } = answer(one, seen.length);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  const endpoint = `http://127.0.0.1:${address.port}`;
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
