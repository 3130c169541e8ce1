import { createServer } from 'node:net';

export interface Port {
  readonly port: number;
  /** Says that the usual port is taken, for people; empty where it is not. */
  readonly remark: string;
}

/** The usual port where it is free on loopback, else any free one. */
export async function choosePort(usual: number): Promise<Port> {
  const port = await tryPort(usual);
  if (port !== undefined) return { port, remark: '' };
  const other = await tryPort(0);
  if (other === undefined) throw new Error('there is no free port on 127.0.0.1');
  return { port: other, remark: ` (${usual} is in use)` };
}

function tryPort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}
