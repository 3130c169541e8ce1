import { createServer, type Socket, connect as toServer } from 'node:net';

/** Stands before a server of any protocol. */
export interface TcpGate {
  readonly port: number;
  /** From now on nothing passes, and connections stay: what a stopped server or a dropped network looks like. */
  hang(): void;
  /** All connections break, and new ones are refused. */
  refuse(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTcpGate(targetPort: number): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let hanging = false;
  const server = createServer((client) => {
    keep(client);
    if (hanging) return void client.pause();
    const target = keep(toServer(targetPort, '127.0.0.1'));
    client.pipe(target);
    target.pipe(client);
  });

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    return socket.once('close', () => sockets.delete(socket));
  }

  function close(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    hang() {
      hanging = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    refuse: close,
    stop: close,
  };
}
