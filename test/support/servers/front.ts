import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy in front of a server answers by itself. */
export interface FrontAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FrontRequest {
  readonly method: string;
  readonly url: string;
  /** All of it, before it is passed on. */
  readonly body: string;
}

/** A proxy that passes requests on, or answers in the server's place. */
export interface Front {
  readonly url: string;
  /** From now on what this answers is sent; where it answers nothing the request is passed on. */
  answerWith(answer: ((request: FrontRequest) => FrontAnswer | undefined) | undefined): void;
  /** Requests that it answered itself. */
  answered(): number;
  stop(): Promise<void>;
}

export async function startFront(target: string): Promise<Front> {
  let answer: ((request: FrontRequest) => FrontAnswer | undefined) | undefined;
  let answered = 0;
  const server = createServer(async (incoming, response) => {
    const { method = 'GET', url = '/' } = incoming;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const own = answer?.({ method, url, body: body.toString() });
    if (own !== undefined) {
      answered += 1;
      response.writeHead(own.status, own.headers).end(own.body);
      return;
    }
    const { connection: _hop, ...headers } = incoming.headers;
    const outgoing = request(new URL(url, target), { method, headers }, (found) => {
      response.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    outgoing.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (next) => {
      answer = next;
    },
    answered: () => answered,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
