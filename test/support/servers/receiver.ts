import { createServer, type IncomingHttpHeaders } from 'node:http';
import { json } from 'node:stream/consumers';
import { onLoopback } from './loopback.js';

export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Takes what lakeFS sends and answers 202, or what `answer` sets. */
export async function startReceiver(): Promise<{
  url: string;
  deliveries: Delivery[];
  answer(status: number): void;
  stop(): Promise<void>;
}> {
  let status = 202;
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Delivery['body'];
    deliveries.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"status":"accepted"}');
  });
  const { url, stop } = await onLoopback(server);
  return {
    url,
    deliveries,
    answer: (next) => {
      status = next;
    },
    stop,
  };
}
