import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { onLoopback } from './loopback.js';

/** What a proxy in front of a server answers by itself. */
export interface ProxyAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ProxyRequest {
  readonly method: string;
  readonly url: string;
  /** All of it, before it is passed on. */
  readonly body: string;
}

type Answer = (request: ProxyRequest) => ProxyAnswer | undefined;

/** A proxy that passes requests on, answers in the server's place, or holds requests back until it is released. */
export interface HttpProxy {
  readonly url: string;
  /** Where requests go from now on. */
  leadTo(target: string): void;
  /** From now on what this answers is sent; where it answers nothing the request is passed on. */
  answerWith(answer: Answer | undefined): void;
  /** Requests that it answered itself. */
  answered(): number;
  /** Holds requests back; so many more pass first. */
  hold(after?: number): void;
  /** Requests held back now. */
  waiting(): number;
  /** Lets through what is held back, also where the sender has given up. */
  release(): void;
  stop(): Promise<void>;
}

export async function startProxy(target = 'http://127.0.0.1:1'): Promise<HttpProxy> {
  let to = target;
  let answer: Answer | undefined;
  let answered = 0;
  /** Requests that still pass. */
  let budget = Number.POSITIVE_INFINITY;
  const held: (() => void)[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = 'GET', url = '/' } = incoming;
    const body = await buffer(incoming);
    const own = answer?.({ method, url, body: body.toString() });
    if (own !== undefined) {
      answered += 1;
      response.writeHead(own.status, own.headers).end(own.body);
      return;
    }
    const pass = (): void => passOn(to, incoming, body, response);
    if (budget <= 0) return void held.push(pass);
    budget -= 1;
    pass();
  });
  const { url, stop } = await onLoopback(server);
  return {
    url,
    leadTo: (next) => {
      to = next;
    },
    answerWith: (next) => {
      answer = next;
    },
    answered: () => answered,
    hold: (after = 0) => {
      budget = after;
    },
    waiting: () => held.length,
    release: () => {
      budget = Number.POSITIVE_INFINITY;
      for (const pass of held.splice(0)) pass();
    },
    stop,
  };
}

function passOn(to: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { connection: _hop, ...headers } = incoming.headers;
  const outgoing = request(
    new URL(incoming.url ?? '/', to),
    { method: incoming.method, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  outgoing.once('error', () => response.destroy());
  outgoing.end(body);
}
