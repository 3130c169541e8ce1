import { withoutEndSlashes } from '../domain/paths/path.js';
import { type Parsed, textProblem } from './values.js';

/** An http(s) address without a closing slash, and the credentials that were written into it. */
export interface Address {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** Takes an http(s) address apart. The problem names the kind of address at most: a bad one may hold secrets. */
export function parseServerAddress(text: string): Parsed<Address> {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed)) return { problem: describeScheme(trimmed) };
  if (!URL.canParse(trimmed)) return { problem: 'is not a valid address' };
  const url = new URL(trimmed);
  const unsupported = unsupportedServer(url);
  if (unsupported !== undefined) return { problem: unsupported };
  if (url.search !== '' || url.hash !== '') return { problem: 'must not have a "?" or "#" part' };
  const username = decode(url.username);
  const password = decode(url.password);
  url.username = '';
  url.password = '';
  return {
    value: {
      url: withoutEndSlashes(url.href),
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
    },
  };
}

function describeScheme(text: string): string {
  const must = 'must be an address that starts with http:// or https://';
  const scheme = /^([a-z][a-z0-9]*)(?:\+\w+)?:/i.exec(text)?.[1]?.toLowerCase() ?? text.toLowerCase();
  if (['sqlite', 'postgresql', 'postgres', 'mysql', 'mssql'].includes(scheme)) {
    return `${must}; this is a database: start "mlflow server --backend-store-uri …" on it and give the address of that server`;
  }
  if (['databricks', 'databricks-uc', 'uc'].includes(scheme)) {
    return `${must}; for Databricks give the https address of the workspace and a token`;
  }
  if (scheme === 'arn') return `${must}; ${signedByAws}`;
  if (scheme === 'file' || /^[./~]/.test(text)) {
    return `${must}; this is a folder: start "mlflow server" on it and give the address of that server`;
  }
  return must;
}

const signedByAws =
  "SageMaker accepts only requests signed with AWS keys (SigV4), which this service does not send: run a proxy that signs requests and adds the header with the server's ARN, and give its address";

/** What answers in the place of MLflow and cannot be used; undefined for all else. */
function unsupportedServer({ hostname, pathname }: URL): string | undefined {
  // As the plugin sagemaker-mlflow makes them of an ARN.
  if (/\.experiments\.sagemaker\.aws$|^mlflow\.sagemaker\.[a-z0-9-]+\.app\.aws$/.test(hostname))
    return signedByAws;
  // https://docs.gitlab.com/user/project/ml/experiment_tracking/mlflow_client/
  if (/\/api\/v4\/projects\/[^/]+\/ml\/mlflow\/?$/.test(pathname)) {
    return 'is the MLflow API of a GitLab project, which stores no dataset inputs: run an MLflow server ("mlflow server") and give its address';
  }
  return undefined;
}

/** A `%` that encodes nothing is part of the password. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const kinds = 'must be redis://…, rediss://… (Redis with TLS), postgres://… or the word embedded';

/**
 * Reads the address of the queue. A password may stand in it as it is: what cannot be decoded, and what an address
 * cannot hold, is encoded here. The problem never repeats the value.
 */
export function parseQueueUrl(text: string): Parsed<string> {
  if (text.toLowerCase() === 'embedded') return { value: 'embedded' };
  const quoted = textProblem(text, {});
  if (quoted !== undefined) return { problem: quoted };
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.+)$/is.exec(text) ?? [];
  if (rest === '') return { problem: `${kinds}; write it with its scheme, such as redis://redis:6379` };
  const problem = schemeProblem(scheme.toLowerCase());
  if (problem !== undefined) return { problem };
  const at = endOfLogin(text, rest);
  const login = rest.slice(0, Math.max(at, 0));
  const place = rest.slice(at + 1);
  if (/[/?]/.test(login)) {
    return {
      problem: 'has a "/" or "?" in its user name or password: write "/" as %2F and "?" as %3F there',
    };
  }
  const [hosts = ''] = place.split(/[/?#]/, 1);
  if (hosts.includes(',')) return { problem: severalServers };
  const url = `${scheme.toLowerCase()}://${at < 0 ? '' : `${encodeLogin(login)}@`}${place}`;
  if (!URL.canParse(url)) {
    return { problem: 'is not a valid address: write it as redis://user:password@host:6379/0' };
  }
  if (/^rediss?$/i.test(scheme) && !/^\/?\d*$/.test(new URL(url).pathname)) {
    return { problem: 'must have nothing or the number of a database after the host: redis://host:6379/0' };
  }
  return { value: url };
}

const severalServers =
  'names several servers (Redis Cluster, Sentinel or a PostgreSQL list): give the address of the one that accepts writes, or of a proxy that always leads to it';

function schemeProblem(scheme: string): string | undefined {
  if (/^(rediss?|postgres(ql)?)$/.test(scheme)) return undefined;
  if (/sentinel|cluster/.test(scheme)) return severalServers;
  if (scheme.startsWith('postgres')) return `${kinds}: leave the driver out of the scheme`;
  if (scheme.startsWith('valkey')) return `${kinds}: for Valkey write redis:// or rediss://`;
  return kinds;
}

/** Where the "@" stands that ends user and password, or -1. One in a query (`?user=me@company`) is none. */
function endOfLogin(text: string, rest: string): number {
  const at = rest.lastIndexOf('@');
  const query = rest.indexOf('?');
  const inQuery = query >= 0 && query < at && !rest.slice(0, query).includes('@') && URL.canParse(text);
  return inQuery ? -1 : at;
}

function encodeLogin(login: string): string {
  const colon = login.indexOf(':');
  if (colon < 0) return encodePart(login);
  return `${encodePart(login.slice(0, colon))}:${encodePart(login.slice(colon + 1))}`;
}

/** What decodes is taken as encoded, anything else as it is. */
function encodePart(text: string): string {
  let plain = text;
  try {
    plain = decodeURIComponent(text);
  } catch {
    // A "%" that encodes nothing is part of the password.
  }
  return encodeURIComponent(plain);
}
