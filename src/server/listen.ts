import { once } from 'node:events';
import type { Server } from 'node:http';

/** The address cannot be listened on; nothing was started. */
class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly exitCode = 1;
}

export interface Listening {
  readonly port: number;
  /**
   * Takes no new connections, waits for requests under way, then cuts what is left.
   *
   * @param graceMs for requests under way
   */
  close(graceMs: number): Promise<void>;
}

/** @throws ListenError where the address is taken or not ours */
export async function listen(server: Server, host: string, port: number): Promise<Listening> {
  server.listen(port, host.replace(/^\[(.*)\]$/, '$1'));
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(explain(error, host, port), { cause: error });
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: (graceMs) => drain(server, graceMs),
  };
}

async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // Kept-alive connections become idle one by one, and close() looks only once.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await closed;
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${host} is in use: stop the process that uses it, or set LAKEFS_MLFLOW_PORT to another one`;
  }
  if (code === 'EACCES') {
    return `port ${port} may not be used by this user: set LAKEFS_MLFLOW_PORT to one above 1023`;
  }
  return `cannot listen on ${host}, port ${port} (${String(code)}): check LAKEFS_MLFLOW_HOST`;
}
