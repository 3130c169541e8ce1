import { Agent, request } from 'node:http';

/** How a bare client talks to MLflow. */
export interface RawMode {
  readonly inFlight: number;
  readonly connections: 'reuse' | 'new';
}

export const rawModes: readonly RawMode[] = [1, 4, 8].flatMap((inFlight) => [
  { inFlight, connections: 'reuse' as const },
  { inFlight, connections: 'new' as const },
]);

export interface RawMlflow {
  /** Posts to an endpoint below `/api/2.0/mlflow/` (PATCH and GET are not needed); answers with the JSON. */
  post(endpoint: string, body: object): Promise<unknown>;
  close(): void;
}

/** The thinnest client that Node can have: no checks, no retries, nothing remembered. */
export function createRawMlflow(url: string, { connections }: RawMode): RawMlflow {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: connections === 'reuse' });
  return {
    post: (endpoint, body) =>
      new Promise((resolve, reject) => {
        const text = JSON.stringify(body);
        const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
        const path = `/api/2.0/mlflow/${endpoint}`;
        const sent = request({ agent, hostname, port, path, method: 'POST', headers }, (response) => {
          let answer = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            answer += chunk;
          });
          response.on('end', () => {
            if (response.statusCode === 200) resolve(JSON.parse(answer));
            else reject(new Error(`MLflow answered ${response.statusCode} to ${endpoint}: ${answer}`));
          });
        });
        sent.once('error', reject);
        sent.end(text);
      }),
    close: () => agent.destroy(),
  };
}

/** Does the work for every item, so many at a time. */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

export function describeMode({ inFlight, connections }: RawMode): string {
  return `${inFlight} in flight, ${connections === 'new' ? 'a connection each' : 'connections kept'}`;
}
