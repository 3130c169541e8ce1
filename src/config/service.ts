import { isIP, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { readPublicUrl } from './connections.js';
import type { Reader } from './reader.js';
import { serviceOptions } from './service-options.js';
import type { Settings } from './types.js';
import { parseUsers } from './users.js';

interface Folders {
  readonly home: string;
  readonly xdgDataHome: string | undefined;
}

/** Reads what belongs to the process. */
export function readService(reader: Reader, folders: Folders): Omit<Settings, 'installations'> {
  const host = reader.text(serviceOptions.host) ?? serviceOptions.host.default;
  const port = reader.number(serviceOptions.port);
  return {
    host,
    port,
    publicUrl: readPublicUrl(reader, serviceOptions.publicUrl) ?? `http://${nameFor(host)}:${port}`,
    queueUrl: readQueueUrl(reader),
    dataDir: readDataDir(reader, folders),
    logLevel: reader.choice(serviceOptions.logLevel),
    ...readPeople(reader),
    sweepIntervalMs: reader.duration(serviceOptions.sweepInterval),
    reconcileIntervalMs: reader.duration(serviceOptions.reconcileInterval),
    lapIntervalMs: reader.duration(serviceOptions.lapInterval),
    concurrency: reader.number(serviceOptions.concurrency),
    shutdownDeadlineMs: reader.duration(serviceOptions.shutdownDeadline),
    shutdownDrainMs: reader.duration(serviceOptions.shutdownDrain),
  };
}

/** An address that listens everywhere is no address to go to. */
function nameFor(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}

function readQueueUrl(reader: Reader): string {
  const url = reader.text(serviceOptions.queueUrl) ?? serviceOptions.queueUrl.default;
  const known = /^(rediss?|postgres(ql)?):\/\/./.test(url) && URL.canParse(url);
  if (url !== 'embedded' && !known) {
    reader.complain(
      serviceOptions.queueUrl,
      'must be redis://…, rediss://…, postgres://… or the word embedded',
    );
  }
  return url;
}

function readDataDir(reader: Reader, { home, xdgDataHome = '' }: Folders): string {
  const given = reader.text(serviceOptions.dataDir);
  if (given !== undefined) return given.replace(/^~(?=\/|$)/, home);
  // The XDG specification says to ignore a relative path.
  if (xdgDataHome.startsWith('/')) return join(xdgDataHome, 'lakefs-mlflow');
  return home === '' ? '.lakefs-mlflow' : join(home, '.local', 'share', 'lakefs-mlflow');
}

function readPeople(reader: Reader): Pick<Settings, 'users' | 'trustedProxies' | 'userHeader'> {
  const userHeader = reader.text(serviceOptions.userHeader);
  const trustedProxies = reader.list(serviceOptions.trustedProxies);
  if (userHeader !== undefined && !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(userHeader)) {
    reader.complain(serviceOptions.userHeader, 'must be the name of a header, such as X-Forwarded-User');
  }
  if (userHeader !== undefined && trustedProxies.length === 0) {
    reader.complain(
      serviceOptions.userHeader,
      'is set without LAKEFS_MLFLOW_TRUSTED_PROXIES: anybody could send this header',
    );
  }
  if (!trustedProxies.every(isNetwork)) {
    reader.complain(
      serviceOptions.trustedProxies,
      'must list addresses or networks such as 10.0.0.7 or 10.0.0.0/8',
    );
  }
  const { users, problems } = parseUsers(reader.list(serviceOptions.users), userHeader !== undefined);
  for (const problem of problems) reader.complain(serviceOptions.users, problem);
  return { users, trustedProxies, ...(userHeader !== undefined && { userHeader }) };
}

function isNetwork(entry: string): boolean {
  const [address = '', length, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
}
