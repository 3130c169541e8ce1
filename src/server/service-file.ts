import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../queue/data-dir.js';
import type { Log } from '../telemetry/log.js';

/** How a command on this machine reaches the service that uses the same DATA_DIR. */
export interface ServiceAddress {
  /** Without a closing slash. */
  readonly address: string;
  /** Opens the API; new with each start. */
  readonly token: string;
}

export interface Announcement {
  remove(): void;
}

const fileName = 'service.json';

/**
 * Writes `DATA_DIR/service.json`, which only its owner may read. Where that cannot be, it says so in the log: the
 * commands then open the queue themselves.
 */
export function announceService(
  dataDir: string,
  { host, port, token }: { readonly host: string; readonly port: number; readonly token: string },
  log: Log,
): Announcement {
  const file = join(dataDir, fileName);
  const text = `${JSON.stringify({ address: `http://${reachable(host)}:${port}`, token })}\n`;
  try {
    makeFolder(dataDir);
    // A reader never sees half of it, and the mode is right from the beginning.
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, text, { mode: 0o600 });
    renameSync(unfinished, file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.warn({ file, why }, 'the address for local commands could not be written');
  }
  return {
    remove() {
      // A service that was started beside us has its own.
      if (read(file) === text) rmSync(file, { force: true });
    },
  };
}

/** Undefined where no service has announced itself, or the file is not one of ours. It may have been left behind by one that died. */
export function findService(dataDir: string): ServiceAddress | undefined {
  try {
    const value: unknown = JSON.parse(read(join(dataDir, fileName)) ?? '');
    if (typeof value !== 'object' || value === null) return undefined;
    const { address, token } = value as Partial<Record<string, unknown>>;
    return typeof address === 'string' && typeof token === 'string' ? { address, token } : undefined;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Nobody can connect to a wildcard address, and a URL needs brackets around IPv6. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::' || host === '[::]') return '[::1]';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
