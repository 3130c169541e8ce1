import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's body as bytes. Settles with `too-large` as soon as more than `limit` bytes have come, and
 * with `gone` where the client left (the server's requestTimeout also ends that way). Never rejects.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too-large' | 'gone'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    function settle(result: Buffer | 'too-large' | 'gone'): void {
      request.off('data', take).off('end', finish).off('close', leave);
      resolve(result);
    }
    function take(chunk: Buffer): void {
      length += chunk.length;
      if (length > limit) settle('too-large');
      else chunks.push(chunk);
    }
    function finish(): void {
      const [first] = chunks;
      settle(chunks.length === 1 && first ? first : Buffer.concat(chunks, length));
    }
    function leave(): void {
      settle('gone');
    }
    request.on('data', take).on('end', finish).on('close', leave).on('error', leave);
  });
}
