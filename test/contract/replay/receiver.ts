import { createServer } from 'node:http';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Receiver {
  readonly port: number;
  /** What came and was not yet taken. */
  readonly waiting: Received[];
  close(): Promise<void>;
}

/** Takes hook requests as the receiver of the recording did: 202, and 500 below `/fail500`. */
export async function startReceiver(): Promise<Receiver> {
  const waiting: Received[] = [];
  const server = createServer({ keepAliveTimeout: 120_000 }, (req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const headers: [string, string][] = [];
      for (let index = 0; index + 1 < req.rawHeaders.length; index += 2) {
        headers.push([req.rawHeaders[index] ?? '', req.rawHeaders[index + 1] ?? '']);
      }
      waiting.push({
        method: req.method ?? '',
        path: req.url ?? '',
        headers,
        body: Buffer.concat(chunks).toString(),
      });
      const failing = req.url?.startsWith('/fail500') ?? false;
      const answer = failing ? '{"error":"queue is down"}' : '{"accepted":true}';
      // The recorded receiver sent nothing but these two headers, and they show in the stored output.
      res.sendDate = false;
      res.removeHeader('Connection');
      res.setHeader('Content-Length', answer.length);
      res.setHeader('Content-Type', 'application/json');
      res.statusCode = failing ? 500 : 202;
      res.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    waiting,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
