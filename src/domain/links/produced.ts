import { asRunId, isOwnRunId, runIdInPage, runIdInUri } from '../references/run-id.js';

/** What a commit's metadata names in MLflow: the runs and model versions that made the commit. */
export interface Makers {
  /** Run ids as the metadata has them. Whether MLflow has such a run is not known yet. */
  readonly runs: readonly string[];
  readonly versions: readonly { readonly name: string; readonly version: string }[];
}

/** More than this in one commit's metadata is a list of something else. */
const maxMakers = 100;

/**
 * Reads a commit's metadata for runs and model versions of MLflow: ids (`mlflow_run_id`), `runs:/…` and
 * `models:/name/version` addresses, and addresses of MLflow's pages, as lakeFS's samples write them to show a button
 * (`::lakefs::<label>::url[url:ui]`). A bare id counts only where its key speaks of a run or of MLflow: 32 hex
 * digits are also the form of a checksum. An id of another form (the name of a job) needs a key that ends in `run_id`. A
 * model's page counts only on one of `hosts` (with port), and so does that of a run with such an id: the name may exist
 * on any server, 32 hex digits on one only.
 */
export function makersOf(metadata: Readonly<Record<string, string>>, hosts: readonly string[]): Makers {
  const runs = new Set<string>();
  const versions = new Map<string, Makers['versions'][number]>();
  for (const [key, value] of Object.entries(metadata)) {
    const text = value.trim();
    const run = runIn(key, text, hosts);
    if (run !== undefined) runs.add(run);
    const version = versionIn(text, hosts);
    if (version !== undefined) versions.set(`${version.name}/${version.version}`, version);
  }
  return { runs: [...runs].slice(0, maxMakers), versions: [...versions.values()].slice(0, maxMakers) };
}

export function hasMakers({ runs, versions }: Makers): boolean {
  return runs.length + versions.length > 0;
}

function runIn(key: string, text: string, hosts: readonly string[]): string | undefined {
  if (isOwnRunId(text)) return /run|mlflow/i.test(key) ? text.toLowerCase() : undefined;
  if (/^runs:/i.test(text)) return runIdInUri(text);
  if (/^https?:/i.test(text)) {
    const id = runIdInPage(text);
    return id !== undefined && (isOwnRunId(id) || isOn(text, hosts)) ? id : undefined;
  }
  // A word may be anything: it is an id where the key says so.
  return /run[ _.-]?id$/i.test(key) ? asRunId(text) : undefined;
}

function isOn(address: string, hosts: readonly string[]): boolean {
  return URL.canParse(address) && hosts.includes(new URL(address).host);
}

function versionIn(text: string, hosts: readonly string[]): Makers['versions'][number] | undefined {
  const address = /^models:\/+([^/@]+)\/(\d+)$/.exec(text);
  if (address !== null) return versionOf(address[1], address[2]);
  if (!/^https?:/i.test(text) || !isOn(text, hosts)) return undefined;
  const page = /#\/models\/([^/?#]+)\/versions\/(\d+)(?!\d)/.exec(text);
  return page === null ? undefined : versionOf(decoded(page[1] ?? ''), page[2]);
}

function versionOf(name: string | undefined, version: string | undefined) {
  return name === undefined || name === '' || version === undefined ? undefined : { name, version };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
