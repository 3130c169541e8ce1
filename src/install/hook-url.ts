import { isIP } from 'node:net';
import { withoutEndSlashes } from '../domain/paths/path.js';

/** Where lakeFS sends the events of an installation. `publicUrl` has no closing slash. */
export function defaultHookUrl(publicUrl: string, installation: string): string {
  const path =
    installation === 'default' ? '/hooks/lakefs' : `/hooks/lakefs/${encodeURIComponent(installation)}`;
  return withoutEndSlashes(publicUrl) + path;
}

/** Says in one line why lakeFS could not use the address, or undefined where it is fine. */
export function hookUrlProblem(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    return `"${url}" is not an http or https address: write it as https://HOST/hooks/lakefs`;
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return 'the address must not contain a user or password: lakeFS shows it in its Actions log';
  }
  if (/[\s\p{Cc}]/u.test(url)) return 'the address must not contain spaces or control characters';
  return undefined;
}

/** What may keep lakeFS from reaching the address, one line each. */
export function hookUrlWarnings(url: string, endpoint: string, lakefsVersion?: string): string[] {
  const host = hostOf(url);
  if (callsItself(url, endpoint)) {
    return [
      `${url} is a loopback address, but lakeFS runs on another machine (${hostOf(endpoint)}): it would send ` +
        'its events to itself',
    ];
  }
  if (!isInternal(host) || !blocksInternal(lakefsVersion)) return [];
  return [
    `from 1.88 on lakeFS sends no events to ${host}, an internal address, unless the lakeFS server is started with ` +
      allowedHostsFor(host),
  ];
}

/** True for a hook address by which lakeFS would reach the machine that it runs on, which is not ours. */
export function callsItself(url: string, endpoint: string): boolean {
  return isLoopback(hostOf(url)) && URL.canParse(endpoint) && !isLoopback(hostOf(endpoint));
}

/** The variable of the lakeFS server that lets it call a host; a list with commas would keep it from starting. */
export function allowedHostsFor(host: string): string {
  return `LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS='["${host}"]'`;
}

/** Without the brackets of an IPv6 address. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

function isLoopback(host: string): boolean {
  // To connect to an unspecified address is to connect to oneself.
  return (
    ['localhost', '::1', '::', '0.0.0.0'].includes(host) || host.endsWith('.localhost') || /^127\./.test(host)
  );
}

/** True for loopback, private, carrier and link-local addresses, and names without a dot. */
function isInternal(host: string): boolean {
  if (isLoopback(host)) return true;
  if (isIP(host) === 6) return /^(f[cd]|fe[89ab])/i.test(host);
  if (isIP(host) === 4) {
    return /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(
      host,
    );
  }
  return !host.includes('.') || /\.(internal|local|svc|lan|cluster\.local)$/.test(host);
}

/** A version that cannot be read may be a new one. */
function blocksInternal(version: string | undefined): boolean {
  const match = /^v?(\d+)\.(\d+)\./.exec(version ?? '');
  if (match === null) return true;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 1 || minor >= 88;
}
