import { isIP } from 'node:net';
import { withoutEndSlashes } from '../domain/slashes.js';

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
    return `"${url}" is no http(s) address: give it as https://HOST/hooks/lakefs`;
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return 'the address must hold no user or password: lakeFS shows it in clear in its Actions log';
  }
  if (/[\s\p{Cc}]/u.test(url)) return 'the address must hold no blanks or control characters';
  return undefined;
}

/** What may keep lakeFS from reaching the address, one line each. */
export function hookUrlWarnings(url: string, endpoint: string, lakefsVersion?: string): string[] {
  const host = hostOf(url);
  const warnings: string[] = [];
  if (isLoopback(host) && !isLoopback(hostOf(endpoint))) {
    warnings.push(
      `${url} is a loopback address and lakeFS runs on another host (${hostOf(endpoint)}): it would call ` +
        'itself. Set LAKEFS_MLFLOW_PUBLIC_URL or give --url',
    );
  } else if (isInternal(host) && blocksInternal(lakefsVersion)) {
    warnings.push(
      `lakeFS 1.88 and later call ${host} only if the lakeFS server is started with ` +
        `LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS='["${host}"]'`,
    );
  }
  return warnings;
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\./.test(host);
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
