import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onLoopback } from '../../support/servers/loopback.js';

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
  const server = createServer({ keepAliveTimeout: 120_000 }, async (req, res) => {
    const body = await text(req);
    const headers: [string, string][] = [];
    for (let index = 0; index + 1 < req.rawHeaders.length; index += 2) {
      headers.push([req.rawHeaders[index] ?? '', req.rawHeaders[index + 1] ?? '']);
    }
    waiting.push({ method: req.method ?? '', path: req.url ?? '', headers, body });
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
  const { port, stop } = await onLoopback(server);
  return { port, waiting, close: stop };
}
