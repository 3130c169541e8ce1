import { isIP, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { parseQueueUrl } from './address.js';
import { readPublicUrl } from './connections.js';
import { type Reader, readCaFile } from './reader.js';
import { serviceOptions } from './service-options.js';
import type { Settings } from './types.js';
import { parseUsers } from './users.js';

interface Folders {
  readonly home: string;
  readonly xdgDataHome: string | undefined;
}

/** Reads what belongs to the process. */
export function readService(
  reader: Reader,
  folders: Folders,
  readFile: (path: string) => string,
): Omit<Settings, 'installations'> {
  const host = readHost(reader);
  const queueUrl = readQueueUrl(reader);
  const queueCaFile = readCaFile(reader, serviceOptions.queueCaFile, readFile);
  if (queueCaFile !== undefined && queueUrl.startsWith('redis:')) {
    reader.complain(
      serviceOptions.queueCaFile,
      'is set, but the address of Redis starts with redis://, which does not use TLS: write rediss:// there',
    );
  }
  const port = reader.number(serviceOptions.port);
  return {
    host,
    port,
    publicUrl: readOwnUrl(reader) ?? `http://${nameFor(host)}:${port}`,
    queueUrl,
    ...(queueCaFile !== undefined && { queueCaFile }),
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

function readHost(reader: Reader): string {
  const given = reader.text(serviceOptions.host) ?? serviceOptions.host.default;
  const host = given.replace(/^\[(.*)\]$/, '$1');
  if (isIPv6(host) || /^[\w.-]+$/.test(host)) return host;
  reader.complain(
    serviceOptions.host,
    'must be an IP address or a host name, without scheme and port: 127.0.0.1, 0.0.0.0 or ::',
  );
  return serviceOptions.host.default;
}

/** The hook's path is added by us. */
function readOwnUrl(reader: Reader): string | undefined {
  const url = readPublicUrl(reader, serviceOptions.publicUrl);
  if (url !== undefined && /\/hooks\/lakefs(\/|$)/.test(url)) {
    reader.complain(
      serviceOptions.publicUrl,
      'must be the address of the service itself, without /hooks/lakefs at the end',
    );
  }
  return url;
}

function readQueueUrl(reader: Reader): string {
  const parsed = parseQueueUrl(reader.text(serviceOptions.queueUrl) ?? serviceOptions.queueUrl.default);
  if (parsed.problem === undefined) return parsed.value;
  reader.complain(serviceOptions.queueUrl, parsed.problem);
  return serviceOptions.queueUrl.default;
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
      'is set without LAKEFS_MLFLOW_TRUSTED_PROXIES: anyone could send this header, so name the proxies that are trusted',
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
