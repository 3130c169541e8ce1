import { isCertificateProblem } from './classify.js';
import type { HttpFailureFacts } from './facts.js';

/** The settings that a person would change. */
export const serverSettings = {
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
