import { connect, createServer } from 'node:net';

export interface Pooler {
  readonly port: number;
  stop(): Promise<void>;
}

/** Stands before PostgreSQL and drops the `options` of a new session, as poolers do that are told to ignore them. */
export async function startUnawarePooler(target: number): Promise<Pooler> {
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.once('error', end).once('close', end);
    client.once('data', (first: Buffer) => {
      upstream.write(withoutOptions(first));
      client.pipe(upstream);
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** The startup message: its length, the version of the protocol, then names and values that each end with a zero. */
function withoutOptions(message: Buffer): Buffer {
  const words = message
    .subarray(8, message.readUInt32BE(0) - 1)
    .toString()
    .split('\0');
  const kept: string[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    if (words[at] !== 'options') kept.push(words[at] ?? '', words[at + 1] ?? '');
  }
  const body = Buffer.from(`${kept.join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  message.copy(head, 4, 4, 8);
  return Buffer.concat([head, body]);
}
