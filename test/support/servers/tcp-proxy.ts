import { createServer, type Socket, connect as toServer } from 'node:net';
import { onLoopback } from './loopback.js';

/** Stands before a server of any protocol. */
export interface TcpProxy {
  readonly port: number;
  /** Where new connections go. */
  leadTo(port: number): void;
  /** From now on nothing passes, and connections stay: what a stopped server or a dropped network looks like. */
  hang(): void;
  /** All connections break, and new ones are refused. */
  stop(): Promise<void>;
}

/** @param first what is passed on in place of the first bytes that a client sends */
export async function startTcpProxy(
  target: number,
  first: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let to = target;
  let hanging = false;
  const server = createServer((client) => {
    keep(client);
    if (hanging) return void client.pause();
    const upstream = keep(toServer(to, '127.0.0.1'));
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.once('data', (bytes: Buffer) => {
      upstream.write(first(bytes));
      client.pipe(upstream);
    });
    upstream.pipe(client);
  });

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    return socket.once('close', () => sockets.delete(socket));
  }

  const { port, stop } = await onLoopback(server);
  return {
    port,
    leadTo: (next) => {
      to = next;
    },
    hang() {
      hanging = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    stop: () => {
      const stopped = stop();
      for (const socket of sockets) socket.destroy();
      return stopped;
    },
  };
}
