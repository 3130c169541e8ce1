import { type Started, start, waitFor } from './process.js';

export interface OwnRedis {
  readonly binary: string;
  readonly port: number;
  readonly folder: string;
  /** Further arguments. */
  readonly settings?: readonly string[];
}

/** Starts a Redis on loopback that takes no snapshots; answers once it takes commands. */
export async function startRedis(
  { binary, port, folder, settings = [] }: OwnRedis,
  launch: typeof start = start,
): Promise<Started> {
  const started = launch(binary, [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...settings,
  ]);
  try {
    await waitFor('Redis', () => started.output().includes('Ready to accept connections'));
  } catch (error) {
    await started.stop('SIGKILL');
    throw error;
  }
  return started;
}
