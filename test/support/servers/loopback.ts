import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

export interface Loopback {
  readonly port: number;
  readonly url: string;
  /** Breaks open HTTP connections too. */
  stop(): Promise<void>;
}

/** Lets a server listen on loopback, on a free port where none is given. */
export async function onLoopback(server: Server, port = 0): Promise<Loopback> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const { port: own } = server.address() as AddressInfo;
  return {
    port: own,
    url: `http://127.0.0.1:${own}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        (server as Partial<HttpServer>).closeAllConnections?.();
      }),
  };
}
