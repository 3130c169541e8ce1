/** A place in a lakeFS repository as a text names it. Whether the repository and the ref exist is not known yet. */
export interface Address {
  readonly repository: string;
  readonly ref: string;
  /** Inside the repository, without a leading slash; empty for the root. */
  readonly path: string;
}

export type ParsedAddress =
  | { readonly kind: 'address'; readonly address: Address; readonly host?: string }
  | { readonly kind: 'none'; readonly reason: string };

const repositoryPattern = /^[a-z0-9][a-z0-9-]{2,62}$/;
const objectSchemes = ['s3', 's3a', 's3n', 'lakefs'];

/**
 * Reads a text as the address of lakeFS data, in the forms that people use: `s3://`, `s3a://`, `s3n://` and
 * `lakefs://` with repository/ref/path, and the http(s) addresses of lakeFS's API and pages. Neither repository
 * nor ref can hold a slash, so the first two slashes split without doubt. For an http(s) address the answer
 * names the host (with its port where not the default): the caller decides whether it is a lakeFS server's.
 */
export function parseAddress(text: string): ParsedAddress {
  const scheme = /^([a-z0-9]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return none('it is not an address');
  if (objectSchemes.includes(scheme)) return parseObjectAddress(text.slice(scheme.length + 3));
  if (scheme === 'http' || scheme === 'https') return parseWebAddress(text);
  return none(`the scheme ${scheme} does not lead to lakeFS`);
}

function parseObjectAddress(rest: string): ParsedAddress {
  const [repository = '', ref = '', ...path] = rest.replace(/^\/+/, '').split('/');
  return address(repository, ref, path.join('/'));
}

function parseWebAddress(text: string): ParsedAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return none('it is not a well-formed address');
  const segments = decodeSegments(url.pathname);
  if (segments === undefined) return none('its percent-encoding is broken');
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
    if (!URL.canParse(text)) return text.replace(/^([^/]*\/\/)[^?#]*@/, '$1').replace(/[?#].*$/s, '');
    const { origin, pathname, searchParams } = new URL(text);
    const kept = [...searchParams].filter(([name]) => plainQuery.includes(name));
    const query = new URLSearchParams(kept).toString();
    return `${origin}${pathname}${query === '' ? '' : `?${query}`}`;
  }
  // Keys of S3 may hold slashes: s3n://KEY:SEC/RET@bucket/.
  return text.replace(/^([^/]*:\/\/)(?:[^/@:]*:[^@]*|[^/@]*)@/, '$1');
}

function decodeSegments(pathname: string): string[] | undefined {
  try {
    return pathname.split('/').map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

function address(repository: string, ref: string, path: string, host?: string): ParsedAddress {
  if (!repositoryPattern.test(repository)) {
    // A user and password in front are not repeated.
    return none(
      /[@:]/.test(repository)
        ? 'it names no repository'
        : `"${repository}" cannot be the name of a repository`,
    );
  }
  if (ref === '') return none('it names no ref');
  const found = { repository, ref, path: path.replace(/^\/+/, '').replace(/\/{2,}/g, '/') };
  return host === undefined ? { kind: 'address', address: found } : { kind: 'address', address: found, host };
}

function none(reason: string): ParsedAddress {
  return { kind: 'none', reason };
}
