/** What is wrong with a store's certificate, by Node's error code, and what to do; undefined for any other error. */
export function certificateReason(code: string): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'its certificate is for another host name: use a name that the certificate lists';
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return 'its certificate has expired or is not valid yet: renew it, and check the clocks of both machines';
  }
  if (!/CERT|SELF_SIGNED|UNABLE_TO_/.test(code)) return undefined;
  return 'its certificate is not trusted: set LAKEFS_MLFLOW_QUEUE_CA_FILE to the PEM file of the authority that signed it';
}
