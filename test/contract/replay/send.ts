import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends a request as it is: no header added but Host, Content-Length and Connection. */
export function send(
  endpoint: string,
  message: {
    readonly method: string;
    /** With the query. */
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    const agent = new Agent({ keepAlive: false });
    const headers: Record<string, string | number> = { ...message.headers };
    if (message.body !== '') headers['Content-Length'] = Buffer.byteLength(message.body);
    const call = request({ hostname, port, agent, method: message.method, path: message.path, headers });
    call.once('error', reject);
    call.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    call.end(message.body);
  });
}
