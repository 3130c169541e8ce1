import { cut } from '../common/text.js';
import { isRepositoryName } from './lakefs-names.js';

/** A place in a lakeFS repository as a text names it. Whether the repository and the ref exist is not known yet. */
export interface Address {
  readonly repository: string;
  readonly ref: string;
  /** Inside the repository, as the text has it: lakeFS keys may hold `//` or begin with a slash. Empty for the root. */
  readonly path: string;
}

export type ParsedAddress =
  | { readonly kind: 'address'; readonly address: Address; readonly host?: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Where lakeFS's S3 gateway may be met: hosts in lower case, with the port where not the default. */
export interface GatewayHosts {
  /** Its own domains: the repository may be in front of them. */
  readonly s3Domains: readonly string[];
  /** Hosts of lakeFS itself: its gateway answers there, too, where the path begins with a repository. */
  readonly hosts: readonly string[];
}

const noGateway: GatewayHosts = { s3Domains: [], hosts: [] };

/** What else than repositories lakeFS has under its address: its API, its pages, its logins. */
const lakefsRoutes = new Set(
  'api,repositories,auth,oidc,sso,setup,login,logout,static,docs,metrics,_health'.split(','),
);

const objectSchemes = new Set(['s3', 's3a', 's3n', 'lakefs']);

/** A ref holds no slash, no blank and no half of a character, which no address can carry; what else lakeFS refuses it says itself. */
export function isRefName(text: string): boolean {
  return /^[^\s/\\\p{Cc}\p{Cs}]{1,500}$/u.test(text) && !isDots(text);
}

function isDots(segment: string): boolean {
  return segment === '.' || segment === '..';
}

/** `lakefs://repository@commit/path`; before any other `@` stand a user and password. */
const atCommit = /^([a-z0-9][a-z0-9-]{2,62})@([0-9a-f]{7,64})$/;

/** One slash is enough: Python's `Path('s3://…')` and others fold the two. */
const schemePattern = /^([a-z][a-z0-9+.-]*):\/+/i;

/**
 * Reads a text as the address of lakeFS data, in the forms that people use: `s3://`, `s3a://`, `s3n://` and
 * `lakefs://` with repository/ref/path, `lakefs://repository@commit/path`, the http(s) addresses of lakeFS's API and pages, and those of its S3 gateway,
 * presigned or not, on one of the hosts in `gateway`. Neither repository nor ref can hold a slash, so the first two
 * slashes split without doubt, and empty segments before the ref say nothing.
 *
 * Percent-encoding: http(s) addresses are decoded once. All others name keys as they are, as boto3, s3fs and Hadoop
 * read them: `%2F` is three characters of the key there (`pathForms` has what else may be meant).
 *
 * For an http(s) address the answer names the host (with its port where not the default): the caller decides whether
 * it is a lakeFS server's.
 */
export function parseAddress(text: string, gateway: GatewayHosts = noGateway): ParsedAddress {
  const [start = '', name = ''] = schemePattern.exec(text) ?? [];
  const scheme = name.toLowerCase();
  if (scheme === '') return none('it is not an address');
  if (scheme === 'http' || scheme === 'https') return parseWebAddress(text, gateway);
  if (!objectSchemes.has(scheme)) return none(`the scheme ${scheme} does not lead to lakeFS`);
  const [first = '', ...rest] = text.slice(start.length).split('/');
  const [, repository, commit] = (scheme === 'lakefs' && atCommit.exec(first)) || [];
  if (repository !== undefined && commit !== undefined) return fromSegments([repository, commit, ...rest]);
  return parseGateway(first, rest, gateway.s3Domains) ?? fromSegments([first, ...rest]);
}

/** `repository/ref/path…`; what is empty before the ref is left out. */
function fromSegments(segments: readonly string[], host?: string): ParsedAddress {
  const at = segments.findIndex((segment) => segment !== '');
  const rest = segments.slice(at < 0 ? segments.length : at + 1);
  const refAt = rest.findIndex((segment) => segment !== '');
  const path = refAt < 0 ? [] : rest.slice(refAt + 1);
  return address(segments[at] ?? '', rest[refAt] ?? '', path.join('/'), host);
}

/**
 * lakeFS's S3 gateway, `gateways.s3.domain_name`: `<repository>.<domain>/<ref>/<path>` (virtual-host style) and
 * `<domain>/<repository>/<ref>/<path>`. Undefined where `host` is neither.
 */
function parseGateway(
  host: string,
  segments: readonly string[],
  s3Domains: readonly string[],
): ParsedAddress | undefined {
  const given = host.toLowerCase();
  for (const domain of s3Domains) {
    if (given === domain) return fromSegments(segments, domain);
    if (given.endsWith(`.${domain}`))
      return fromSegments([given.slice(0, -domain.length - 1), ...segments], domain);
  }
  return undefined;
}

function parseWebAddress(text: string, gateway: GatewayHosts): ParsedAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return none('it is not a well-formed address');
  const decoded = decodeSegments(url.pathname);
  if (decoded === undefined) return none('its percent-encoding is broken');
  // The gateway may share its host with the API and the pages.
  const isPage = /^\/+(?:api\/v1\/+)?repositories\//.test(url.pathname);
  const object = isPage ? undefined : parseGateway(url.host, decoded.slice(1), gateway.s3Domains);
  if (object !== undefined) return object;
  const segments = decoded.filter((segment) => segment !== '');
  if (gateway.hosts.includes(url.host) && !lakefsRoutes.has(segments[0] ?? '') && segments.length > 1) {
    return fromSegments(decoded.slice(1), url.host);
  }
  const at = segments.indexOf('repositories');
  const repository = segments[at + 1];
  if (at < 0 || repository === undefined) return none('it is not an address of lakeFS');
  const [what, ref, kind] = segments.slice(at + 2);
  const path = url.searchParams.get('path') ?? url.searchParams.get('prefix') ?? '';
  if (what === 'refs' && ref !== undefined && kind === 'objects')
    return address(repository, ref, path, url.host);
  if (what === 'commits' && ref !== undefined) return address(repository, ref, '', url.host);
  const queryRef = url.searchParams.get('ref');
  if ((what === 'objects' || what === 'object') && queryRef !== null) {
    return address(repository, queryRef, path, url.host);
  }
  return none('it is an address of lakeFS that names no data');
}

/** Values of a query that say what is read; any other may be a signature or a token. */
const plainQuery = ['path', 'prefix', 'ref'];

/** An address as it may be shown: without user and password, and of a query only what names the data. */
export function showAddress(text: string): string {
  if (/^https?:/i.test(text)) {
    if (!URL.canParse(text)) {
      const [place = ''] = text.split(/[?#]/, 1);
      return place.replace(/^([^/]*\/\/).*@/s, '$1');
    }
    const { origin, pathname, searchParams } = new URL(text);
    const kept = [...searchParams].filter(([name]) => plainQuery.includes(name));
    const query = new URLSearchParams(kept).toString();
    return `${origin}${pathname}${query === '' ? '' : `?${query}`}`;
  }
  const [, place = ''] = /^lakefs:\/+([^/]*)/i.exec(text) ?? [];
  if (atCommit.test(place)) return text;
  // Keys of S3 may hold slashes: s3n://KEY:SEC/RET@bucket/.
  return text.replace(/^([^/]*:\/+)(?:[^/@:]*:[^@]*|[^/@]*)@/, '$1');
}

function decodeSegments(pathname: string): string[] | undefined {
  try {
    return pathname.split('/').map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

/** UTF-16 units; lakeFS takes 1,024 bytes. */
const maxPath = 2_000;

function address(repository: string, ref: string, path: string, host?: string): ParsedAddress {
  if (!isRepositoryName(repository)) {
    // A user and password in front are not repeated.
    return none(
      /[@:]/.test(repository)
        ? 'it names no repository'
        : `"${cut(repository, 100)}" cannot be the name of a repository`,
    );
  }
  if (ref === '') return none('it names no ref');
  if (path.length > maxPath) return none(`its path has more than ${maxPath} characters`);
  if ([ref, ...path.split('/')].some(isDots)) {
    return none('it contains "." or "..", which programs interpret differently');
  }
  const found = { repository, ref, path };
  return host === undefined ? { kind: 'address', address: found } : { kind: 'address', address: found, host };
}

function none(reason: string): ParsedAddress {
  return { kind: 'none', reason };
}

/** A value as `--why` shows it: at most 300 characters, and no secret of an address in it. */
export function shownValue(text: string): string {
  return withoutSecrets(text.length <= 300 ? text : `${cut(text, 300)}…`);
}

/** Presigned addresses hold a signature that anybody can use, and others a user and password. */
function withoutSecrets(text: string): string {
  return text
    .replace(/[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>\\]{1,300}/gi, (address) =>
      /[?#@]/.test(address) ? showAddress(address) : address,
    )
    .replace(/((?:signature|credential|security-token|accesskeyid)=)[^&\s"']{1,300}/gi, '$1…');
}
