/** MLflow's rule for ids (mlflow/utils/validation.py); its own are 32 hex digits, Azure's are the names of jobs, others GUIDs. */
const runId = /^[a-z0-9][\w-]{0,255}$/i;

const ownId = /^[0-9a-f]{32}$/i;

/** True for an id as MLflow itself makes it, in whichever case. */
export function isOwnRunId(text: string): boolean {
  return ownId.test(text);
}

/** The id that a text is; undefined where it can be none. MLflow compares ids by case, and writes its own in lower case. */
export function asRunId(text: string): string | undefined {
  if (!runId.test(text)) return undefined;
  return ownId.test(text) ? text.toLowerCase() : text;
}

/** The id in `runs:/<id>/…`; undefined for anything else. */
export function runIdInUri(text: string): string | undefined {
  const [, id = ''] = /^runs:\/+([^/]{1,256})(?:\/|$)/i.exec(text) ?? [];
  return asRunId(id);
}

/** The id in the address of one of MLflow's pages: `…/experiments/<id>/runs/<run id>`, whatever tab of it is behind. */
export function runIdInPage(address: string): string | undefined {
  const [, id = ''] = /\/experiments\/[\w-]{1,256}\/runs\/([^/?#]{1,256})(?=[/?#]|$)/i.exec(address) ?? [];
  return asRunId(id);
}
