import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { onLoopback } from './loopback.js';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Differs for each connection. */
  readonly port: number | undefined;
}

export type Answer =
  | { status: number; body?: string; headers?: Record<string, string> }
  | 'reset'
  | 'silence'
  | ((seen: Seen, response: ServerResponse) => void);

export interface Scripted {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
}

/** A server on loopback that answers with the given answers in order, the last one for ever. Ends with the test. */
export async function scripted(...answers: Answer[]): Promise<Scripted> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = answers[Math.min(seen.length, answers.length - 1)]!;
    const one: Seen = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body,
      port: request.socket.remotePort,
    };
    seen.push(one);
    if (answer === 'silence') return;
    if (answer === 'reset') request.socket.resetAndDestroy();
    else if (typeof answer === 'function') answer(one, response);
    else
      response
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(answer.body ?? '{}');
  });
  const { url, port, stop } = await onLoopback(server);
  onTestFinished(() => void stop());
  return { url, port, seen };
}
