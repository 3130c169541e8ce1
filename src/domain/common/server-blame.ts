/** The servers that the work needs. */
export type ServerKind = 'lakeFS' | 'MLflow';

/**
 * True where the reason of a failed job is an answer, or a silence, that a server in trouble gives to every request: then
 * the job is worth another try once that server is back. Reads our own error texts, so that it also knows what an
 * earlier release left behind.
 */
export function mayBlameServer(reason: string, server: ServerKind): boolean {
  if (silences[server].test(reason)) return true;
  const status = answers[server].exec(reason);
  return status !== null && isOfServer(Number(status[1] ?? status[2]));
}

const silences: Readonly<Record<ServerKind, RegExp>> = {
  lakeFS: /lakeFS did not answer|lakeFS cannot be reached|lakeFS answered 404 for [^\n]{1,600}: no such API/,
  MLflow: /MLflow did not answer|MLflow cannot be reached|MLflow has no such route/,
};

/** An error that MLflow tells in JSON is quoted with its status behind it. */
const answers: Readonly<Record<ServerKind, RegExp>> = {
  lakeFS: /lakeFS answered (\d{3})/,
  MLflow: /MLflow answered (\d{3})|\((\d{3}) [A-Z_]{1,60}, (?:GET|POST|PATCH|DELETE) /,
};

function isOfServer(status: number): boolean {
  return status < 400 || status >= 500 || [401, 403, 407, 408, 429].includes(status);
}
