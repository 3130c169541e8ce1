import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server that is pickier than MLflow answers to a search over these experiments; undefined: what MLflow does. */
export type Picky = (
  experiments: readonly string[],
) => { readonly status: number; readonly body: string } | undefined;

/** A front of MLflow that refuses some searches, as hosted servers and gateways do. */
export interface ExperimentsFront {
  readonly url: string;
  refuse(picky: Picky): void;
  /** How many experiments each search named since the last call, refused ones included. */
  takeSearches(): readonly number[];
  stop(): Promise<void>;
}

export async function startExperimentsFront(target: string): Promise<ExperimentsFront> {
  let picky: Picky = () => undefined;
  let searches: number[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = 'GET', url = '/' } = incoming;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (url.endsWith('/runs/search')) {
      const { experiment_ids: ids = [] } = JSON.parse(body.toString()) as { experiment_ids?: string[] };
      searches.push(ids.length);
      const refused = picky(ids);
      if (refused !== undefined) {
        response.writeHead(refused.status, { 'content-type': typeOf(refused.body) }).end(refused.body);
        return;
      }
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
    refuse: (next) => {
      picky = next;
    },
    takeSearches: () => {
      const taken = searches;
      searches = [];
      return taken;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function typeOf(body: string): string {
  return body.startsWith('{') ? 'application/json' : 'text/plain';
}
