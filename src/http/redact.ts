const secretName = /secret|passw|credential|signature|api_?key|access_?key|^token$|auth/i;

/** The address without user and password, and with secret query values blanked. */
export function redactUrl(address: string): string {
  if (!URL.canParse(address)) return '(not an address)';
  const url = new URL(address);
  url.username = '';
  url.password = '';
  for (const name of new Set(url.searchParams.keys())) {
    if (secretName.test(name)) url.searchParams.set(name, '***');
  }
  return url.toString();
}

/** Takes the given secrets out of a text that someone else wrote, such as a proxy that echoes our headers. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  // A secret of a letter or two would blank ordinary words.
  const known = secrets.filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
