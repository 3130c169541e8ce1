import { cut, toLine } from '../domain/common/text.js';
import { answerTooLarge, type HttpFailureFacts, isCertificateProblem } from './classify.js';

/** One line: what happened, to what request, and what to do where that can be known. */
export function describe(facts: HttpFailureFacts): string {
  const trouble = tlsTrouble(facts);
  if (trouble !== undefined) return trouble;
  const what = `${facts.method} ${facts.url}`;
  if (facts.status === undefined) return withoutAnswer(facts, what);
  if (facts.status < 400) return withoutJson(facts, what);
  return `${facts.name} answered ${facts.status} to ${what}${textOf(facts)}`;
}

function withoutAnswer(facts: HttpFailureFacts, what: string): string {
  const { name, code } = facts;
  if (code === 'ETIMEDOUT' && facts.timeoutMs !== undefined) {
    return `${name} did not answer ${what} within ${facts.timeoutMs} ms`;
  }
  if (code === answerTooLarge) return `${name}'s answer to ${what} is too large`;
  const reason = code ?? facts.reason ?? 'no answer';
  return `${name} cannot be reached (${reason}) for ${what}: check the address and that ${name} runs`;
}

/** A 2xx or 3xx that no API gives: mostly something in front of the server asks a person to log in. */
function withoutJson({ name, status = 0, headers, body = '' }: HttpFailureFacts, what: string): string {
  const start = `${name} answered ${status} to ${what} with`;
  const advice = `let this service reach ${name} without a login page, and check ${serverSettings[name].address}`;
  if (status >= 300) {
    return `${start} a redirect${hostOf(headers?.location)}, often the way to a login page; redirects are not followed: ${advice}`;
  }
  const isPage = /html/i.test(headers?.['content-type'] ?? '') || body.trimStart().startsWith('<');
  if (isPage) {
    return `${start} an HTML page${titleOf(body)} instead of JSON, probably the login page of something in front of ${name}: ${advice}`;
  }
  return `${start} something that is not JSON: check that ${serverSettings[name].address} is the address of ${name} itself`;
}

/** Nothing but the host: the rest of such an address may hold what lets people in. */
function hostOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}

/** UTF-16 units of a page that are searched for its title. */
const maxHead = 2_000;

function titleOf(page: string): string {
  const [, found = ''] = /<title>([^<]{1,200})/i.exec(cut(page, maxHead)) ?? [];
  const title = toLine(found, 80);
  return title === '' ? '' : ` ("${title}")`;
}

/** Code points of a server's own words. */
const maxText = 300;
/** UTF-16 units of a page that are searched for them. */
const maxPage = 10_000;

function textOf({ json, body }: HttpFailureFacts): string {
  const words = serverWords(json) ?? cut(body ?? '', maxPage).replace(/<[^<>]*>/g, ' ');
  const line = toLine(words, maxText);
  return line === '' ? '' : `: ${line}`;
}

/** The settings that a person would change. */
const serverSettings = {
  lakeFS: { address: 'LAKECTL_SERVER_ENDPOINT_URL', caFile: 'LAKEFS_MLFLOW_LAKEFS_CA_FILE' },
  MLflow: { address: 'MLFLOW_TRACKING_URI', caFile: 'MLFLOW_TRACKING_SERVER_CERT_PATH' },
} as const;

/** What servers answer to plain HTTP on a port that expects TLS: Go's, nginx's and Apache's words. */
const plainToTls =
  /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled/;

/** What is wrong between http and https, or with a certificate, and what to do; undefined where it is something else. */
export function tlsTrouble(facts: HttpFailureFacts): string | undefined {
  const { name, method, url, code, status } = facts;
  const what = `${method} ${url}`;
  const secure = url.startsWith('https:');
  if (status !== undefined && (secure || status !== 400 || !plainToTls.test(facts.body ?? '')))
    return undefined;
  const { address, caFile } = serverSettings[name];
  if (status !== undefined) {
    return `${name} expects TLS on this port (${what}): write https:// in ${address}`;
  }
  if (code === undefined) return undefined;
  if (!secure) {
    if (code.startsWith('HPE_')) {
      return `${name} answered ${what} with something that is not HTTP (${code}): if this port expects TLS, write https:// in ${address}`;
    }
    if (code !== 'ECONNRESET') return undefined;
    return `${name} closed the connection without an answer (ECONNRESET) to ${what}: if this port expects TLS, write https:// in ${address}; else check that ${name} runs`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return `${name} and this service cannot agree on TLS (${code}) for ${what}: if this port speaks plain HTTP, write http:// in ${address}`;
  }
  return isCertificateProblem(code)
    ? certificateTrouble(`${name}'s certificate`, what, code, { address, caFile })
    : undefined;
}

function certificateTrouble(
  certificate: string,
  what: string,
  code: string,
  { address, caFile }: { readonly address: string; readonly caFile: string },
): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `${certificate} is for another host name (${code}) for ${what}: use a name that it lists in ${address}`;
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return `${certificate} has expired or is not valid yet (${code}) for ${what}: renew it, and check the clocks of both machines`;
  }
  return `${certificate} is not trusted (${code}) for ${what}: set ${caFile} (or NODE_EXTRA_CA_CERTS) to the PEM file of the authority that signed it`;
}

/**
 * The message of a server's JSON: its own `message`, or that of the `error` object which hosted servers nest. Azure's
 * begin with a capital.
 *
 * @param depth so many nested objects are searched: an answer may nest them without end
 */
export function messageIn(json: unknown, depth = 3): string | undefined {
  const own = textAt(json, 'message') ?? textAt(json, 'Message');
  if (own !== undefined) return own;
  return depth === 0 ? undefined : messageIn(at(json, 'error') ?? at(json, 'Error'), depth - 1);
}

/**
 * All that a server says in JSON of what went wrong, for people: its message, or the bare text that GitLab and OAuth have
 * in its place (`{"error":"…","error_description":"…"}`). Undefined where there is none.
 */
export function serverWords(json: unknown): string | undefined {
  const message = messageIn(json);
  if (message !== undefined) return message;
  const error = textAt(json, 'error') ?? textAt(json, 'Error');
  const description = textAt(json, 'error_description');
  if (error === undefined || description === undefined) return error ?? description;
  return `${error}: ${description}`;
}

function at(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null ? Reflect.get(json, key) : undefined;
}

function textAt(json: unknown, key: string): string | undefined {
  const value = at(json, key);
  return typeof value === 'string' ? value : undefined;
}
