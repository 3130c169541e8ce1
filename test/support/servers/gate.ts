import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** Stands before a server: passes requests on, or keeps them until it is told to let them through. */
export interface Gate {
  readonly url: string;
  /** Requests that wait now. */
  waiting(): number;
  /** Where requests go from now on. */
  leadTo(target: string): void;
  shut(): void;
  /** Lets so many more requests pass first. */
  shutAfter(requests: number): void;
  /** Lets through what waits, also where the sender has given up. */
  open(): void;
  stop(): Promise<void>;
}

export async function startGate(target = 'http://127.0.0.1:1'): Promise<Gate> {
  let to = target;
  /** Requests that still pass. */
  let budget = Number.POSITIVE_INFINITY;
  const held: (() => void)[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const pass = (): void => passOn(to, incoming, Buffer.concat(chunks), response);
      if (budget <= 0) return void held.push(pass);
      budget -= 1;
      pass();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    waiting: () => held.length,
    leadTo: (next) => {
      to = next;
    },
    shut: () => {
      budget = 0;
    },
    shutAfter: (requests) => {
      budget = requests;
    },
    open: () => {
      budget = Number.POSITIVE_INFINITY;
      for (const pass of held.splice(0)) pass();
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
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
